import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { BacktestSpecInput } from '../../shared/spec.ts';
import { startService, type Service } from '../rig/service.ts';

/** Bought at the open after the signal turns positive, sold at the open after it turns negative: at 12 and at 15. */
const ROWS = [
  '2024-01-02,10,11,9,10,100,0',
  '2024-01-03,11,12,10,11,100,1',
  '2024-01-04,12,13,11,12,100,1',
  '2024-01-05,14,15,13,14,100,-1',
  '2024-01-08,15,16,14,15,100,-1',
];
const CSV = ['ts,open,high,low,close,volume,signal', ...ROWS].join('\n');

let service: Service;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'datasets-'));
  mkdirSync(path.join(folder, 'bars/symbol=MINE'), { recursive: true });
  writeFileSync(path.join(folder, 'bars/symbol=MINE/2024.csv'), CSV);
  const files = {
    kind: 'files',
    name: 'vault',
    path: path.join(folder, 'bars'),
    format: 'csv',
    timeframe: '1d',
    columns: { symbol: 'symbol', extra: { signal: 'signal' } },
  };
  writeFileSync(path.join(folder, 'sources.json'), JSON.stringify({ sources: [files] }));
  service = await startService({
    temporalAddress: inject('temporalAddress'),
    env: { HOLDFAST_SOURCES: path.join(folder, 'sources.json') },
  });
  await service.startWorker();
});
afterAll(async () => {
  await service?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const specOf = (source: string): BacktestSpecInput => ({
  data: { source, symbols: ['MINE'], timeframe: '1d' },
  strategy: { rules: { enterLong: 'signal > 0', exitLong: 'signal < 0' } },
  account: { cash: 1_500, fees: { relative: 0 }, sizing: { kind: 'units', units: 100 } },
});

async function upload(name: string, csv: string): Promise<number> {
  const headers = { 'content-type': 'text/csv' };
  return (await fetch(`${service.url}/v1/datasets?name=${name}&symbol=MINE`, { method: 'POST', headers, body: csv })).status;
}

describe('a run on bars of a user', () => {
  it('trades an upload by a column of its own, and another upload of its name by what that one holds', async () => {
    expect(await upload('mine', CSV)).toBe(201);
    const first = await service.completed((await service.submit(specOf('upload:mine'))).id);
    // 300 on a hundred shares.
    expect(first.metrics.totalReturn).toBeCloseTo(0.2, 12);
    expect(await upload('mine', CSV.replace('2024-01-08,15,16,14', '2024-01-08,18,18,14'))).toBe(201);
    const second = await service.completed((await service.submit(specOf('upload:mine'))).id);
    expect(second.metrics.totalReturn).toBeCloseTo(0.4, 12);
  });

  it('gives the same on the same bars in a folder of files', async () => {
    const result = await service.completed((await service.submit(specOf('vault'))).id);
    expect(result.metrics.totalReturn).toBeCloseTo(0.2, 12);
  });

  it('leaves behind what its bars are like, by symbol', async () => {
    const items = async (path: string) => ((await (await fetch(service.url + path)).json()) as { items: Record<string, unknown>[] }).items;
    await service.completed((await service.submit(specOf('vault'))).id);
    expect(await items('/v1/datasets/vault/symbols')).toEqual([
      {
        symbol: 'MINE',
        from: '2024-01-02',
        to: '2024-01-08',
        bars: 5,
        timeframe: '1d',
        columns: ['signal'],
        quality: expect.objectContaining({ bars: 5, findings: [], to: '2024-01-08T00:00:00.000Z' }),
      },
    ]);
    expect(await items('/v1/datasets')).toContainEqual(
      expect.objectContaining({
        source: 'vault',
        coverage: { symbols: 1, from: '2024-01-02', to: '2024-01-08', bars: 5 },
        checked: { symbols: 1, flawed: 0, at: expect.any(String) },
      }),
    );
  });

  it('says what to do when its upload is not there', async () => {
    await expect(service.submit(specOf('upload:other'))).rejects.toThrow(/422.*data\.source.*upload:mine/);
  });
});
