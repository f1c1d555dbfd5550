import { describe, expect, inject, it } from 'vitest';
import { otherVersion } from '../rig/other-version.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { durableSlices, freezeMidSlice } from '../rig/slices.ts';
import { longRun } from '../rig/specs.ts';
import { underFaults } from '../rig/under-faults.ts';

const spec = longRun(4);

const options = { temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY };

describe('another version of the workflows', { timeout: 300_000 }, () => {
  it('takes over running runs when its change is patched', () =>
    underFaults(options, async (service) => {
      const worker = await service.startWorker();
      await runUndisturbed(service, spec);
      const run = await service.submit(spec);
      await freezeMidSlice(service, worker, run.id);
      const before = await durableSlices(service, run.id);
      worker.thaw();
      await worker.kill('SIGTERM');
      await service.startWorker({}, otherVersion("if (patched('a-look-first')) await sleep(1);"));
      const later = await service.submit(spec);
      await Promise.all([run, later].map(({ id }) => service.completed(id)));
      expect((await durableSlices(service, run.id)).slice(0, before.length)).toEqual(before);
    }));

  it('that cannot go on with them loses none: they wait, and finish when the deploy is undone', () =>
    underFaults(options, async (service) => {
      const worker = await service.startWorker();
      await runUndisturbed(service, spec);
      const run = await service.submit(spec);
      await freezeMidSlice(service, worker, run.id);
      worker.thaw();
      await worker.kill('SIGTERM');
      const bad = await service.startWorker({}, otherVersion('await sleep(1);'));
      const handle = service.temporal.workflow.getHandle(`backtest/${run.id}`);
      await service.until(run.id, async () => ((await handle.describe()).raw.pendingWorkflowTask?.attempt ?? 0) > 2);
      await bad.kill('SIGTERM');
      await service.startWorker();
      await service.completed(run.id);
    }));
});
