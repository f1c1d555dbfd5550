import { expect, inject, it, onTestFinished } from 'vitest';
import { operatorOf } from '../rig/operator.ts';
import { startService } from '../rig/service.ts';
import { durableSlices } from '../rig/slices.ts';
import { longRun } from '../rig/specs.ts';

/** Of the requirement: another worker goes on within this time. */
const GOES_ON_MS = 7_000;

it(
  'a worker that is asked to end stores where it is and exits with 0; another goes on, and no attempt is used up',
  { timeout: 180_000 },
  async () => {
    const service = await startService({ temporalAddress: inject('temporalAddress'), env: { HOLDFAST_SLICE_SECONDS: '60' } });
    onTestFinished(() => service[Symbol.asyncDispose]());
    const first = await service.startWorker();
    const undisturbed = await service.completed((await service.submit(longRun(8))).id);

    const { id } = await service.submit(longRun(8));
    // Past the first, short slice: the next would take a minute.
    await service.until(
      id,
      async () =>
        (await durableSlices(service, id)).length > 0 && Boolean((await operatorOf(service).pendingActivity(id))?.lastStartedTime),
    );
    await service.startWorker();
    const asked = Date.now();
    await first.kill('SIGTERM');
    expect(first.process.exitCode).toBe(0);
    const { progress } = await service.until(id, () => true);
    await service.until(id, (run) => run.progress.done > progress.done || run.status === 'completed');
    expect(Date.now() - asked).toBeLessThan(GOES_ON_MS);

    const { manifest } = await service.completed(id);
    expect(manifest.resultHash).toBe(undisturbed.manifest.resultHash);
    expect(manifest.attempts).toBe(manifest.slices);
  },
);
