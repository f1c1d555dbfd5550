import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import type { BacktestSpecInput } from '../../shared/spec.ts';
import { startService, type Service } from '../rig/service.ts';
import { openDoubles, type Doubles } from './backend.ts';

// Of the doubles: what goes wrong, and what is billed, can be told there only.
const BARS = 40_000;
const SCANNED = 2 * BARS * 7 * 8;
const folder = mkdtempSync(path.join(tmpdir(), 'bigquery-run-'));
const file = path.join(folder, 'sources.json');
const source = {
  kind: 'bigquery',
  project: 'acme-data',
  dataset: 'market',
  table: 'bars',
  columns: { ts: 'ts', open: 'open', high: 'high', low: 'low', close: 'close', volume: 'volume', symbol: 'ticker' },
  timeframe: '1m',
  pricePerTiB: 6.25,
};
const sources = [
  { ...source, name: 'bars' },
  { ...source, name: 'small', caps: { perRunBytes: SCANNED - 1 } },
  { ...source, name: 'daily', caps: { perOwnerDayBytes: SCANNED * 1.5 } },
];

let doubles: Doubles;
let service: Service;
beforeAll(async () => {
  doubles = await openDoubles();
  await doubles.warehouse.table(
    'acme-data.market.bars',
    `SELECT (['AAA', 'BBB'])[1 + i % 2] AS ticker, make_timestamptz(1710000000000000 + (i // 2) * 60000000) AS ts, 10 + (i % 100) / 10 AS open, 25.0 AS high, 9.0 AS low, 10 + (i % 89) / 10 AS close, 100.5 AS volume FROM range(${2 * BARS}) r(i)`,
  );
  writeFileSync(file, JSON.stringify({ sources }));
  service = await startService({ temporalAddress: inject('temporalAddress'), env: { HOLDFAST_SOURCES: file, ...doubles.env } });
});
afterEach(() => doubles.faults.clear());
afterAll(async () => {
  await service?.[Symbol.asyncDispose]();
  await doubles?.close();
  rmSync(folder, { recursive: true });
});

const specOf = (changes: object = {}): BacktestSpecInput => ({
  data: { source: 'bars', symbols: ['AAA'], timeframe: '1m', ...changes },
  strategy: { name: 'sma-cross', params: { fast: 10, slow: 30 } },
});
const jobs = () => [...doubles.warehouse.jobs.values()].filter(({ id }) => id.startsWith('holdfast_bars'));

interface Estimate {
  bars: number;
  bytesScanned: number;
  cost: number;
}

it('completes a run under every fault at once, also when its worker is killed while it reads, with one billed job', async () => {
  const before = await service.post<Estimate>('/v1/backtests/estimate', specOf());
  expect(before.body).toMatchObject({ bars: BARS, bytesScanned: SCANNED });
  expect(before.body.cost).toBeCloseTo((10 / 2 ** 20) * 6.25, 12);
  doubles.faults.add(
    { match: /POST .*jobs$/, times: 1, status: 403, reason: 'rateLimitExceeded' },
    { match: /POST .*jobs$/, times: 1, status: 429, reason: 'rateLimitExceeded' },
    { match: /GET .*jobs/, times: 1, status: 503, reason: 'backendError' },
    { match: /POST .*jobs$/, times: 1, cut: true },
    { match: /GET .*queries/, times: 1, delayMs: 500 },
    { match: /ReadRows/, times: 4, code: 14, afterRows: 16_384 },
    { match: /ReadRows/, times: 1, code: 9, afterRows: 16_384 },
    // Slow enough to be killed in.
    { match: /ReadRows/, times: 3, delayMs: 1_000 },
  );
  const first = await service.startWorker();
  const run = await service.submit(specOf());
  while (!doubles.storage.log.some((call) => call.startsWith('ReadRows'))) await delay(10);
  await first.kill('SIGKILL');
  await service.startWorker();
  const { manifest } = await service.completed(run.id);
  expect(manifest.datasetOrigin).toMatchObject({ job: jobs()[0]!.id, bytesBilled: 10 * 2 ** 20, snapshot: expect.any(String) });
  expect(jobs()).toHaveLength(1);

  const after = await service.post<Estimate>('/v1/backtests/estimate', specOf());
  expect(after.body).toMatchObject({ bytesScanned: 0, cost: 0 });
  await service.completed((await service.submit(specOf())).id);
  expect(jobs()).toHaveLength(1);
}, 120_000);

it('refuses a run whose query would scan more than a run may', async () => {
  await expect(service.submit(specOf({ source: 'small' }))).rejects.toThrow(/422.*would scan .* GiB .* shorter range/);
});

it('fails a run whose owner has used up the day, and bills nothing for it', async () => {
  await service.completed((await service.submit(specOf({ source: 'daily' }))).id);
  const before = jobs().length;
  const run = await service.submit(specOf({ source: 'daily', symbols: ['BBB'] }));
  const failed = await service.until(run.id, ({ status }) => status === 'failed');
  expect(failed.error).toMatchObject({ code: 'scan_over_quota' });
  expect(jobs()).toHaveLength(before);
});

it('calls the query off when the run is cancelled', async () => {
  const before = jobs().length;
  doubles.rest.jobMs(30_000);
  const run = await service.submit(specOf({ symbols: ['BBB'] }));
  while (jobs().length === before) await delay(10);
  const asked = performance.now();
  await service.post(`/v1/backtests/${run.id}/cancel`);
  await service.until(run.id, ({ status }) => status === 'cancelled');
  expect(jobs().at(-1)!.cancelled).toBe(true);
  // With nothing to wait for: the job would have taken thirty seconds.
  expect(performance.now() - asked).toBeLessThan(15_000);
});
