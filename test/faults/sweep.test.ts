import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import type { SweepResult } from '../../shared/sweep.ts';
import type { SweepSpecInput } from '../../shared/sweep-spec.ts';
import { letMonkeyLoose, workerVictim } from '../rig/monkey.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { alike, randomOf, seeds } from '../rig/seeds.ts';
import { startService, type Service } from '../rig/service.ts';
import { completedSweep, slowSweep, smallSweep, submitSweep, trialsOf, untilSweep } from '../rig/sweeps.ts';
import { underFaults } from '../rig/under-faults.ts';

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

it.each(alike(seeds({ most: 1 }), 0))(
  'ends with the bytes of an undisturbed sweep while workers are killed every few seconds (seed %i)',
  { timeout: 400_000 },
  (seed) =>
    underFaults({ temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY }, async (service) => {
      const workers = await Promise.all([service.startWorker(), service.startWorker()]);
      const { manifest } = await completedSweep(service, (await submitSweep(service, churned(1))).id);
      const { id } = await submitSweep(service, churned(2));
      const victims = workers.map((first, index) => workerVictim(service, first, index));
      await letMonkeyLoose(victims, randomOf(seed), CHURN_SECONDS * 1_000);
      const result = await completedSweep(service, id);
      expect(result).toMatchObject({ trials: 200, cached: 0, manifest: { resultHash: manifest.resultHash } });
    }),
);

describe('a cancel of a sweep', { timeout: 300_000 }, () => {
  it('that no worker has taken up, asked for twice, takes effect when one comes', () =>
    underFaults({ temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY }, async (service) => {
      const { id } = await submitSweep(service, grid(11));
      expect((await Promise.all([cancel(service, id), cancel(service, id)])).map(({ status }) => status)).toEqual([202, 202]);
      await service.startWorker();
      await untilSweep(service, id, ({ status }) => status === 'cancelled');
    }));

  it.each(seeds())('at any moment ends it once: as cancelled with what was done, or as completed when it came too late (seed %i)', (seed) =>
    underFaults({ temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY }, async (service) => {
      await service.startWorker();
      const random = randomOf(seed);
      for (let k = 0; k < CANCELLED; k++) {
        // Some are over in a moment: fetched, tried, judged and ranked.
        const isShort = k % 2 === 0;
        const { id } = await submitSweep(service, isShort ? { ...smallSweep, seed: 100 + k } : { ...slowSweep(20, 30, 62), seed: 100 + k });
        await delay(random.between(0, isShort ? 400 : 1_500));
        const answers = await Promise.all([cancel(service, id), cancel(service, id)]);
        const accepted = answers.some(({ status }) => status === 202);
        const ended = await untilSweep(service, id, ({ finishedAt }) => finishedAt !== null);
        expect(ended.status).toBe(accepted ? 'cancelled' : 'completed');
        expect((await cancel(service, id)).status).toBe(accepted ? 202 : 409);
        const { status, body } = await service.get<SweepResult>(`/v1/sweeps/${id}/result`);
        if (status === 200) expect(await trialsOf(service, id)).toHaveLength(body.trials);
        if (status === 200) expect(body.partial).toBe(accepted);
      }
    }),
  );
});

it.each(alike([5_000], 0))('of %i trials in small shards continues as new before its history is long', { timeout: 400_000 }, async () => {
  const service = await startService({ temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY });
  onTestFinished(() => service[Symbol.asyncDispose]());
  await service.startWorker();
  // Each block of 16 trials is a shard of its own.
  const { name: _, ...spec } = smallSweep;
  const space = { fast: { min: 2, max: 200 }, slow: { min: 201, max: 400 } };
  const { id } = await submitSweep(service, { ...spec, space, search: { kind: 'tpe', trials: 5_000 } });
  const result = await completedSweep(service, id);
  expect(result).toMatchObject({ trials: 5_000, manifest: { shards: expect.any(Number) } });
  const runs = [];
  for await (const { runId } of service.temporal.workflow.list({ query: `WorkflowId = "sweep/${id}"` }))
    runs.push((await service.temporal.workflow.getHandle(`sweep/${id}`, runId).fetchHistory()).events!.length);
  expect(runs.length).toBeGreaterThan(1);
  expect(Math.max(...runs)).toBeLessThan(2_000);
});

const CHURN_SECONDS = Number(process.env.CHURN_SECONDS ?? 10);
const CANCELLED = 6;

/** 200 trials of some 8 s on one core. */
function churned(seed: number): SweepSpecInput {
  return { ...grid(seed), space: { fast: { min: 2, max: 11 }, slow: { min: 401, max: 420 } } };
}

function cancel(service: Service, id: string) {
  return service.post(`/v1/sweeps/${id}/cancel`);
}

/** Shards of which a second attempt was made. */
async function triedAgain(service: Service, id: string): Promise<number> {
  const { events } = await service.temporal.workflow.getHandle(`sweep/${id}`).fetchHistory();
  return (events ?? []).filter((event) => (event.activityTaskStartedEventAttributes?.attempt ?? 1) > 1).length;
}
