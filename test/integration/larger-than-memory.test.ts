import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { BacktestSpecInput } from '../../shared/spec.ts';
import { startService, type Service, type Started } from '../rig/service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService({ temporalAddress: inject('temporalAddress') });
});
afterAll(() => service?.[Symbol.asyncDispose]());

const MB = 2 ** 20;
const BUDGET_MB = 64;
/** Of 54 bytes: five times the budget. */
const BARS = 6_000_000;

const spec: BacktestSpecInput = {
  data: { source: 'synthetic', symbols: ['SYN'], timeframe: '1m', synthetic: { bars: BARS, seed: 5 } },
  strategy: { name: 'macd', params: { fast: 500, slow: 2_000, smooth: 300, direction: 'long-short' } },
};
const small: BacktestSpecInput = { ...spec, data: { ...spec.data, synthetic: { bars: 1_000 } } };

/** Most memory that the process ever had, in MB. */
function peakOf({ process: { pid } }: Started): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return (Number(kilobytes) * 1024) / MB;
}

async function hashOf(input: BacktestSpecInput): Promise<string> {
  const run = await service.submit(input);
  return (await service.completed(run.id)).manifest.resultHash;
}

describe('data that are larger than the memory of a worker', { timeout: 240_000 }, () => {
  it.skipIf(globalThis.process.platform !== 'linux')(
    'take no more memory than its budget, and give the bytes of a run that has all of them',
    async () => {
      const little = await service.startWorker({ HOLDFAST_MEMORY_BUDGET_MB: String(BUDGET_MB), HOLDFAST_SLOTS: '1' });
      await hashOf(small);
      const before = peakOf(little);
      const streamed = await hashOf(spec);
      const growth = peakOf(little) - before;
      await little.kill('SIGTERM');
      // As a whole, bars and indicators alone take 525 MB. Beside its budget a process grows by what its threads have not collected yet.
      expect(growth).toBeLessThan(BUDGET_MB + 400);

      await service.startWorker({ HOLDFAST_MEMORY_BUDGET_MB: '4096', HOLDFAST_SLOTS: '1' });
      expect(await hashOf(spec)).toBe(streamed);
    },
  );
});
