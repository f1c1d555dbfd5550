import { describe, expect, inject, it } from 'vitest';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { randomOf, seeds } from '../rig/seeds.ts';
import { reached, workerOf } from '../rig/slices.ts';
import { longRun } from '../rig/specs.ts';
import { underFaults } from '../rig/under-faults.ts';

const PLATFORM_GRACE_MS = 30_000;
/** 7 s on a machine with room; here others work beside it. Without a hand-over it would be the heartbeat, and an attempt. */
const TAKEN_OVER_MS = 15_000;
const spec = longRun(4);
const options = { temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY };

describe('a worker that is asked to end', { timeout: 300_000 }, () => {
  it.each(seeds())('stores a checkpoint and ends well, and another goes on soon without an attempt lost (seed %i)', (seed) =>
    underFaults({ ...options, env: { ...QUICK_RECOVERY, HOLDFAST_SLICE_SECONDS: '60' } }, async (service) => {
      const [one, two] = await Promise.all([service.startWorker(), service.startWorker()]);
      await runUndisturbed(service, spec);
      const run = await service.submit(spec);
      // Past the first slice, so that what is left is one slice that would last longer than the deploy.
      await reached(service, run.id, randomOf(seed).between(0.55, 0.7));
      const isOne = (await workerOf(service, run.id)) === one.process.pid;
      const [worker, other] = isOne ? [one, two] : [two, one];
      const since = performance.now();
      await worker.kill('SIGTERM');
      expect(worker.process.exitCode).toBe(0);
      expect(performance.now() - since).toBeLessThan(PLATFORM_GRACE_MS);
      await service.until(run.id, async ({ status }) => status === 'completed' || (await workerOf(service, run.id)) === other.process.pid);
      expect(performance.now() - since).toBeLessThan(TAKEN_OVER_MS);
      const { manifest } = await service.completed(run.id);
      expect(manifest.slices).toBeGreaterThanOrEqual(3);
      expect(manifest.attempts).toBe(manifest.slices);
    }),
  );
});
