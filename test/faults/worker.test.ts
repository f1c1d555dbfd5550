import { describe, expect, inject, it } from 'vitest';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { randomOf, seeds } from '../rig/seeds.ts';
import { durableSlices, freezeMidSlice, reached, workerOf } from '../rig/slices.ts';
import { longRun } from '../rig/specs.ts';
import { underFaults } from '../rig/under-faults.ts';

const spec = longRun(2);
const options = { temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY };

describe('a worker that is killed with -9', { timeout: 300_000 }, () => {
  it.each(seeds({ most: Infinity }))('at a random bar costs a slice at most (seed %i)', (seed) =>
    underFaults(options, async (service) => {
      const worker = await service.startWorker();
      await runUndisturbed(service, spec);
      const run = await service.submit(spec);
      await reached(service, run.id, randomOf(seed).between(0, 0.9));
      await worker.kill('SIGKILL');
      const before = await durableSlices(service, run.id);
      await service.startWorker();
      const { manifest } = await service.completed(run.id);
      expect((await durableSlices(service, run.id)).slice(0, before.length)).toEqual(before);
      expect(manifest.attempts - manifest.slices).toBeLessThanOrEqual(1);
    }),
  );

  it.each(seeds())('with all others: the backlog waits, and drains when one comes back (seed %i)', (seed) =>
    underFaults(options, async (service) => {
      const workers = await Promise.all([service.startWorker(), service.startWorker()]);
      await runUndisturbed(service, spec);
      const runs = await Promise.all([1, 2, 3].map(() => service.submit(spec)));
      await reached(service, runs[0]!.id, randomOf(seed).between(0, 0.5));
      await Promise.all(workers.map((worker) => worker.kill('SIGKILL')));
      runs.push(await service.submit(spec));
      await service.startWorker();
      await Promise.all(runs.map(({ id }) => service.completed(id)));
    }),
  );

  it('leaves its run to another, which goes on soon after the heartbeat', () =>
    underFaults(options, async (service) => {
      const worker = await service.startWorker();
      await runUndisturbed(service, spec);
      const run = await service.submit(spec);
      await freezeMidSlice(service, worker, run.id);
      const other = await service.startWorker();
      await worker.kill('SIGKILL');
      const killedAt = performance.now();
      await service.until(run.id, async () => (await workerOf(service, run.id)) === other.process.pid);
      expect(performance.now() - killedAt).toBeLessThan(Number(QUICK_RECOVERY.HOLDFAST_HEARTBEAT_SECONDS) * 1_000 + 10_000);
      await service.completed(run.id);
    }));
});

describe('a worker that is frozen past its heartbeat', { timeout: 300_000 }, () => {
  it.each(seeds())('overwrites nothing when it wakes up after another has finished its run (seed %i)', (seed) =>
    underFaults(options, async (service) => {
      const zombie = await service.startWorker();
      await runUndisturbed(service, spec);
      await runUndisturbed(service, longRun(0.1));
      const run = await service.submit(spec);
      await reached(service, run.id, randomOf(seed).between(0, 0.5));
      await freezeMidSlice(service, zombie, run.id, 1);
      const other = await service.startWorker();
      const result = await service.completed(run.id);
      const row = await service.get(`/v1/backtests/${run.id}`);

      zombie.thaw();
      await other.kill('SIGTERM');
      // The zombie ends its slice, hears that nobody waits for it, and takes up new work.
      await service.completed((await service.submit(longRun(0.1))).id);
      expect((await service.get(`/v1/backtests/${run.id}/result`)).body).toEqual(result);
      expect(await service.get(`/v1/backtests/${run.id}`)).toEqual(row);
    }),
  );

  it.each(seeds())('does a slice at the same time as another worker, and one of the two counts (seed %i)', (seed) =>
    underFaults({ ...options, env: { ...QUICK_RECOVERY, HOLDFAST_SLICE_SECONDS: '3' } }, async (service) => {
      const zombie = await service.startWorker();
      await runUndisturbed(service, spec);
      const run = await service.submit(spec);
      await reached(service, run.id, randomOf(seed).between(0, 0.3));
      await freezeMidSlice(service, zombie, run.id, 0);
      const other = await service.startWorker();
      await service.until(run.id, async () => (await workerOf(service, run.id)) === other.process.pid);
      zombie.thaw();
      const { manifest } = await service.completed(run.id);
      expect(manifest.attempts).toBeGreaterThan(manifest.slices);
    }),
  );
});
