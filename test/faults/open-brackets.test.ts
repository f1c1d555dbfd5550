import path from 'node:path';
import { expect, inject, it, onTestFinished } from 'vitest';
import type { BacktestSpecInput } from '../../shared/spec.ts';
import { startService } from '../rig/service.ts';
import { killMidSlice } from '../rig/slices.ts';

const BARS = 2_000;
const SPEC: BacktestSpecInput = {
  data: { source: 'synthetic', symbols: ['A', 'B'], timeframe: '1m', synthetic: { bars: BARS, volatility: 1 } },
  strategy: { name: 'brackets-on-two', params: { microseconds: 500 } },
  account: { fees: { relative: 0.0001 }, fractional: true, leverage: 2, interest: { margin: 0.05 } },
};

interface Columns {
  columns: Record<string, (string | number | null)[]>;
}

it('keeps open brackets and resting orders of two symbols over a kill -9 of the worker', { timeout: 180_000 }, async () => {
  const env = { HOLDFAST_MODULES: path.resolve(import.meta.dirname, '../fixtures/modules'), HOLDFAST_SLICE_SECONDS: '0.3' };
  const service = await startService({ temporalAddress: inject('temporalAddress'), env });
  onTestFinished(() => service[Symbol.asyncDispose]());
  const worker = await service.startWorker();
  const undisturbed = await service.completed((await service.submit(SPEC)).id);

  const run = await service.submit(SPEC);
  await killMidSlice(service, worker, run.id);
  await service.startWorker();
  const result = await service.completed(run.id);
  expect(result.manifest.resultHash).toBe(undisturbed.manifest.resultHash);
  expect(result.manifest.attempts).toBeGreaterThan(result.manifest.slices);

  const series = async (name: string) => (await service.get<Columns>(`/v1/backtests/${run.id}/${name}`)).body.columns;
  const [orders, trades, logs] = await Promise.all(['orders', 'trades', 'logs'].map(series));
  expect(new Set(orders!['symbol'])).toEqual(new Set(['A', 'B']));
  expect(orders!['status']).toEqual(expect.arrayContaining(['filled', 'expired']));
  expect(orders!['reason']).toEqual(expect.arrayContaining([null, 'bars_over', 'stop-loss', 'take-profit']));
  expect(new Set(trades!['entryTag'])).toEqual(new Set(['first', 'second']));
  expect(trades!['exitReason']).toEqual(expect.arrayContaining(['stop-loss', 'take-profit']));
  expect(logs!['message']).toContain('Entry 100');
  expect(await (await fetch(`${service.url}/v1/backtests/${run.id}/report`)).text()).toContain('brackets-on-two');
});
