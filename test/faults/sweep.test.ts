import { expect, inject, it, onTestFinished } from 'vitest';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { startService, type Service } from '../rig/service.ts';
import { completedSweep, slowSweep, submitSweep, trialsOf, untilSweep } from '../rig/sweeps.ts';

const grid = (seed: number) => ({
  ...slowSweep(1, 40, 61),
  // Figures are kept under the seed, which these trials do not depend on: each sweep computes all of them.
  seed,
  space: { fast: { min: 2, max: 11 }, slow: { min: 401, max: 409 } },
  search: { kind: 'grid' } as const,
});

it('does no more trials again than a killed worker was at, and gives the bytes of an undisturbed sweep', { timeout: 300_000 }, async () => {
  const service = await startService({ temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY });
  onTestFinished(() => service[Symbol.asyncDispose]());
  const worker = await service.startWorker();
  const undisturbed = await submitSweep(service, grid(1));
  const { manifest } = await completedSweep(service, undisturbed.id);
  const { id } = await submitSweep(service, grid(2));
  await untilSweep(service, id, ({ progress }) => progress.done > 0);
  await worker.kill('SIGKILL');
  const before = await trialsOf(service, id);
  await service.startWorker();
  const result = await completedSweep(service, id);
  expect(result).toMatchObject({ trials: 90, cached: 0, manifest: { resultHash: manifest.resultHash } });
  expect((await trialsOf(service, id)).slice(0, before.length).map(({ metrics }) => metrics)).toEqual(before.map(({ metrics }) => metrics));
  // A worker of one slot has a shard on its thread, and one that waits.
  expect(await triedAgain(service, id)).toBeLessThanOrEqual(2);
});

/** Shards of which a second attempt was made. */
async function triedAgain(service: Service, id: string): Promise<number> {
  const { events } = await service.temporal.workflow.getHandle(`sweep/${id}`).fetchHistory();
  return (events ?? []).filter((event) => (event.activityTaskStartedEventAttributes?.attempt ?? 1) > 1).length;
}
