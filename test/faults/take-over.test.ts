import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type { BacktestSpecInput } from '../../shared/spec.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { killMidSlice } from '../rig/slices.ts';
import { longRun } from '../rig/specs.ts';
import { underFaults } from '../rig/under-faults.ts';

const spec = longRun(2);
const options = { temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY };

describe('a worker that takes over a run', { timeout: 300_000 }, () => {
  it('needs nothing but rows and artifacts, and no disk of its own', () =>
    underFaults(options, async (service) => {
      const worker = await service.startWorker();
      await runUndisturbed(service, spec);
      const run = await service.submit(spec);
      await killMidSlice(service, worker, run.id);
      // A folder of its own, in which nothing but the two shared stores is mounted.
      const elsewhere = path.join(service.home, 'elsewhere');
      mkdirSync(path.join(elsewhere, 'tmp'), { recursive: true });
      for (const shared of ['artifacts', 'rows.sqlite']) symlinkSync(path.join(service.home, shared), path.join(elsewhere, shared));
      await service.startWorker({ HOLDFAST_HOME: elsewhere, TMPDIR: path.join(elsewhere, 'tmp') });
      await service.completed(run.id);
    }));

  it('finds open brackets and resting orders of two symbols in its checkpoint', () => {
    const brackets: BacktestSpecInput = {
      data: { source: 'synthetic', symbols: ['A', 'B'], timeframe: '1m', synthetic: { bars: 2_000, volatility: 1 } },
      strategy: { name: 'brackets-on-two', params: { microseconds: 500 } },
      account: { fees: { relative: 0.0001 }, fractional: true, leverage: 2, interest: { margin: 0.05 } },
    };
    const env = {
      ...QUICK_RECOVERY,
      HOLDFAST_MODULES: path.resolve(import.meta.dirname, '../fixtures/modules'),
      HOLDFAST_SLICE_SECONDS: '0.6',
    };
    return underFaults({ ...options, env }, async (service) => {
      const worker = await service.startWorker();
      await runUndisturbed(service, brackets);
      const run = await service.submit(brackets);
      await killMidSlice(service, worker, run.id);
      await service.startWorker();
      const result = await service.completed(run.id);
      expect(result.manifest.attempts).toBeGreaterThan(result.manifest.slices);

      const series = async (name: string) => (await service.get<Columns>(`/v1/backtests/${run.id}/${name}`)).body.columns;
      const [orders, trades, logs] = await Promise.all(['orders', 'trades', 'logs'].map(series));
      expect(new Set(orders!['symbol'])).toEqual(new Set(['A', 'B']));
      expect(orders!['status']).toEqual(expect.arrayContaining(['filled', 'expired']));
      expect(orders!['reason']).toEqual(expect.arrayContaining([null, 'bars_over', 'stop-loss', 'take-profit']));
      expect(new Set(trades!['entryTag'])).toEqual(new Set(['first', 'second']));
      expect(trades!['exitReason']).toEqual(expect.arrayContaining(['stop-loss', 'take-profit']));
      expect(logs!['message']).toContain('Entry 100');
    });
  });
});

interface Columns {
  columns: Record<string, (string | number | null)[]>;
}
