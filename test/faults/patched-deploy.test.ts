import { expect, inject, it } from 'vitest';
import { otherVersion } from '../rig/other-version.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { durableSlices, freezeMidSlice } from '../rig/slices.ts';
import { longRun } from '../rig/specs.ts';
import { underFaults } from '../rig/under-faults.ts';

const spec = longRun(4);

it('a version of the workflows whose change is patched takes over running runs', { timeout: 300_000 }, () =>
  underFaults({ temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY }, async (service) => {
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
  }),
);
