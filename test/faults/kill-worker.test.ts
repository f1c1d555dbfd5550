import { expect, inject, it, onTestFinished } from 'vitest';
import { startService } from '../rig/service.ts';
import { durableSlices, killMidSlice } from '../rig/slices.ts';
import { longRun } from '../rig/specs.ts';

it('gives the bytes of an undisturbed run when the worker is killed with -9 in the middle', { timeout: 120_000 }, async () => {
  const service = await startService({ temporalAddress: inject('temporalAddress'), env: { HOLDFAST_SLICE_SECONDS: '1' } });
  onTestFinished(() => service[Symbol.asyncDispose]());
  const worker = await service.startWorker();
  const undisturbed = await service.completed((await service.submit(longRun(5))).id);

  const run = await service.submit(longRun(5));
  await killMidSlice(service, worker, run.id);
  await service.startWorker();
  const result = await service.completed(run.id);

  expect(result.manifest.resultHash).toBe(undisturbed.manifest.resultHash);
  expect(result.metrics).toEqual(undisturbed.metrics);
  const retried = (await durableSlices(service, run.id)).filter(({ attempt }) => attempt >= 2);
  expect(retried).toHaveLength(1);
  expect(retried[0]!.fromBar).toBeGreaterThan(0);
});
