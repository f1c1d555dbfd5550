import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Run } from '../../shared/run.ts';
import type { Sweep } from '../../shared/sweep.ts';
import type { SweepSpecInput } from '../../shared/sweep-spec.ts';
import { letMonkeyLoose, workerVictim, type Victim } from '../rig/monkey.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { randomOf, seeds, type Random } from '../rig/seeds.ts';
import type { Service } from '../rig/service.ts';
import { longRun, smaCross } from '../rig/specs.ts';
import { completedSweep, slowSweep, submitSweep } from '../rig/sweeps.ts';
import { startOwnTemporal, type OwnTemporal } from '../rig/temporal-server.ts';
import { underFaults } from '../rig/under-faults.ts';

const RUNS = Number(process.env.CHAOS_RUNS ?? 20);
const SECONDS = Number(process.env.CHAOS_SECONDS ?? 20);
const DONE_WITHIN_MS = 120_000;
const WORKERS = 2;
/** Of one core's time. */
const specs = [smaCross, longRun(0.3), longRun(0.8), longRun(2)];

let temporal: OwnTemporal;
beforeAll(async () => void (temporal = await startOwnTemporal()));
afterAll(() => temporal?.[Symbol.asyncDispose]());

it.each(seeds({ most: 1 }))(
  `${RUNS} runs and two sweeps all end once, with the right bytes, while workers, server and API are killed and frozen for ${SECONDS} s (seed %i)`,
  { timeout: SECONDS * 1_000 + DONE_WITHIN_MS + 240_000 },
  (seed) =>
    underFaults(
      { temporalAddress: temporal.address, env: { ...QUICK_RECOVERY, HOLDFAST_SLOTS: '2', HOLDFAST_SLICE_SECONDS: '1' } },
      async (service) => {
        const workers = await Promise.all(Array.from({ length: WORKERS }, () => service.startWorker()));
        for (const spec of specs) await runUndisturbed(service, spec);
        const wanted = await completedSweep(service, (await submitSweep(service, sweptBy(0))).id);

        const random = randomOf(seed);
        const monkey = letMonkeyLoose(
          [serverVictim(), apiVictim(service), ...workers.map((first, i) => workerVictim(service, first, i))],
          random,
          SECONDS * 1_000,
        );
        const submitting = submitOver(service, randomOf(seed + 1), SECONDS * 1_000);
        const sweeping = Promise.all([1, 2].map((seed) => submitSweepAtLast(service, sweptBy(seed))));
        const [{ deeds }, ids, sweeps] = await Promise.all([monkey, submitting, sweeping]);

        const stopped = performance.now();
        const late = new Set(ids);
        const ends = ids.map(async (id) => {
          await service.until(id, ({ status }) => status === 'completed');
          late.delete(id);
        });
        await Promise.race([Promise.all(ends), delay(DONE_WITHIN_MS)]);
        expect(await Promise.all([...late].map((id) => whatHolds(service, id)))).toEqual([]);
        for (const id of sweeps) {
          const ended = await completedSweep(service, id);
          expect(ended).toMatchObject({ trials: SWEPT, cached: 0, partial: false, manifest: { resultHash: wanted.manifest.resultHash } });
        }
        const drained = performance.now() - stopped;
        process.stdout.write(
          `chaos, seed ${seed}: ${JSON.stringify(deeds)}; all ${ids.length} done ${Math.round(drained / 100) / 10} s later\n`,
        );
      },
    ),
);

/** Submits the runs evenly over the time, each again and again with one key until it is accepted. */
async function submitOver(service: Service, random: Random, forMs: number): Promise<string[]> {
  const submit = async (at: number): Promise<string> => {
    const spec = random.pick(specs);
    await delay((at * forMs) / RUNS);
    for (;;) {
      const answer = await service.post<Run>('/v1/backtests', spec, { 'idempotency-key': `run-${at}` }).catch(() => null);
      if (answer?.status === 202) {
        service.accepted.set(answer.body.id, spec);
        return answer.body.id;
      }
      await delay(200);
    }
  };
  return Promise.all(Array.from({ length: RUNS }, (_, at) => submit(at)));
}

const SWEPT = 80;

/** Trials that do not depend on the seed, by which they are kept: each sweep computes all of them. */
function sweptBy(seed: number): SweepSpecInput {
  return {
    ...slowSweep(SWEPT, 50, 71),
    seed,
    space: { fast: { min: 2, max: 11 }, slow: { min: 401, max: 408 } },
    search: { kind: 'grid' },
  };
}

/** Again and again with one key until it is accepted. */
async function submitSweepAtLast(service: Service, spec: SweepSpecInput): Promise<string> {
  for (;;) {
    const answer = await service.post<Sweep>('/v1/sweeps', spec, { 'idempotency-key': `sweep-${spec.seed}` }).catch(() => null);
    if (answer?.status === 202) return answer.body.id;
    await delay(200);
  }
}

/** For the message of a test that failed. */
async function whatHolds(service: Service, id: string): Promise<unknown> {
  const { body } = await service.get(`/v1/backtests/${id}`);
  const state = await service.temporal.workflow.getHandle(`backtest/${id}`).describe().catch(String);
  return {
    row: body,
    workflow:
      typeof state === 'string'
        ? state
        : { status: state.status.name, pending: state.raw.pendingActivities, task: state.raw.pendingWorkflowTask },
  };
}

function serverVictim(): Victim {
  return {
    name: 'server',
    kill: () => temporal.server.kill('SIGKILL'),
    freeze: () => temporal.server.freeze(),
    thaw: () => temporal.server.thaw(),
    start: () => temporal.start(),
  };
}

function apiVictim(service: Service): Victim {
  return {
    name: 'API',
    kill: () => service.api.kill('SIGKILL'),
    freeze: () => service.api.freeze(),
    thaw: () => service.api.thaw(),
    start: async () => void (await service.startApi()),
  };
}
