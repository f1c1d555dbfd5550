import { Context, cancellationDetails } from '@temporalio/activity';
import { TPE_BLOCK, TPE_LAG } from '../engine/search/tpe.ts';
import type { FullRunRow } from '../results/runs.ts';
import type { TrialShard } from '../results/sweeps.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import { HoldfastError } from '../shared/errors.ts';
import { CONTROL } from '../shared/slice-control.ts';
import type { SweepInput } from '../shared/start.ts';
import type { SweepSpec } from '../shared/sweep-spec.ts';
import { heartbeatWhile } from './heartbeat.ts';
import type { TrialsBefore } from './jobs/ends-before.ts';
import type { TrialsDone } from './jobs/run-trials.ts';
import { createObservations } from './observations.ts';
import type { Ports } from './ports.ts';
import { ledgerPageOf, originOf, sweepOf } from './sweep-rows.ts';
import { mergeTables } from './merge-tables.ts';

export interface TrialsInput {
  sweepId: string;
  dataset: ArtifactRef;
  /** The trials with the numbers [from, to). */
  from: number;
  to: number;
  /** Where they go on. */
  before?: SweepInput['before'];
}

export interface TrialsResult extends Pick<TrialsDone, 'cached' | 'cpuSeconds' | 'best'> {
  /** Trials done and stored: the first ones. */
  count: number;
}

/** No further block of trials is begun after this long: so long somebody may have to wait for a slot, and so much work a lost worker takes with it. */
export const SHARD_MS = 1_500;
/** After a stop: time to come to the end of a block, and of one of another sweep that its thread may be at, before the thread is ended. */
const CALL_OFF_MS = 2_000;

/** Some milliseconds, in which nobody else writes rows. */
const MOST_COUNTED = 2_000;

const NOTHING: TrialsDone = { count: 0, cached: 0, cpuSeconds: 0, ref: null, table: null, best: null, counted: [] };

/**
 * Does trials of a sweep and stores them. When it is cancelled (a pause, a cancel, a shutdown) it stops after a block of trials and returns how many are done. An attempt
 * after one that was lost goes on behind what that had stored.
 */
export function runTrials(ports: Ports) {
  const observe = createObservations(ports);

  return async (input: TrialsInput): Promise<TrialsResult> => {
    const { sweepId, dataset, to } = input;
    const sweep = await sweepOf(ports, sweepId);
    const { owner, spec } = sweep;
    const origin = originOf(ports, spec, dataset);
    const { family } = origin;
    const from = await firstOpen(ports, { sweepId, family }, input);
    const done = from < to ? await compute(ports, { ...input, from, owner, spec, ...origin }, observe) : NOTHING;
    if (done.ref !== null) {
      const { count, cached, cpuSeconds, ref, table } = done;
      await ports.results.storeShard({ sweepId, family, first: from, count, cached, cpuSeconds, ref }, table);
      await countAll(ports, sweep, done.counted);
      if (table !== null) await mergeTables(ports, { owner, family, spec });
    }
    const details = cancellationDetails();
    // An operator's pause must end as a failed attempt, or the server would count the activity as done.
    if (details?.paused || details?.reset) throw Context.current().cancellationSignal.reason;
    const { cached, cpuSeconds, best } = done;
    return { count: from - input.from + done.count, cached, cpuSeconds, best };
  };
}

/** Repeating it changes nothing: trials are counted by name. */
async function countAll({ results }: Ports, sweep: FullRunRow<'sweep'>, trials: TrialsDone['counted']): Promise<void> {
  const page = ledgerPageOf(sweep);
  for (let from = 0; from < trials.length; from += MOST_COUNTED) await results.countTrials(page, trials.slice(from, from + MOST_COUNTED));
}

/** The first trial of the range that no attempt before has stored. */
async function firstOpen({ results }: Ports, of: Pick<TrialShard, 'sweepId' | 'family'>, { from, to }: TrialsInput): Promise<number> {
  let next = from;
  for (const { first, count } of await results.shardsOf(of, from, to - from)) {
    if (first > next) break;
    next = Math.max(next, first + count);
  }
  return Math.min(next, to);
}

interface Work extends TrialsInput {
  owner: string;
  spec: SweepSpec;
  family: string;
  strategyHash: string;
}

type Observe = ReturnType<typeof createObservations>;

async function compute(ports: Ports, work: Work, observe: Observe): Promise<TrialsDone> {
  const { sweepId, owner, spec, family, strategyHash, dataset, from, to } = work;
  const { cancellationSignal: signal } = Context.current();
  const control = new Int32Array(new SharedArrayBuffer(4 * Object.keys(CONTROL).length));
  const end = new AbortController();
  const stop = (): void => {
    Atomics.store(control, CONTROL.stop, 1);
    setTimeout(() => end.abort(), CALL_OFF_MS).unref();
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) return NOTHING;
  const isModule = ports.modules.has(spec.strategy);
  if (ports.memory.isStreamed(dataset)) throw tooLarge();
  const tables = await ports.results.trialTables(owner, [family]);
  const limit = from - (from % TPE_BLOCK) - TPE_LAG;
  const observed = spec.search.kind === 'tpe' ? await observe({ sweepId, family }, spec, limit) : null;
  const before = work.before === undefined ? null : await trialsBefore(ports, work.before, work);
  const job = { owner, spec, from, to, known: tables.map(({ ref }) => ref), observed, before, shardMs: SHARD_MS };
  const trials = ports.memory.use(
    dataset,
    (share) => {
      if (!isModule) return ports.threads.run('runTrials', { ...job, dataset: share.dataset!, control }, end.signal);
      const progress = (count: number) => void Atomics.store(control, CONTROL.done, count);
      return ports.modules.trials({ ...job, datasetRef: dataset, sourceHash: strategyHash }, { signal, progress });
    },
    { own: isModule, signal },
  );
  return heartbeatWhile(trials, () => ({ trials: Atomics.load(control, CONTROL.done) })).catch((error: unknown) => {
    // It was stopped while it waited for room, or in the middle of a long trial: what was not stored is done again.
    if (error === signal.reason || end.signal.aborted) return NOTHING;
    throw error;
  });
}

/** The shards of the night before that hold these trials; none where it was deleted. */
async function trialsBefore(
  { results }: Ports,
  { sweepId, family, bars }: NonNullable<TrialsInput['before']>,
  { from, to }: TrialsInput,
): Promise<TrialsBefore> {
  const shards = await results.shardsOf({ sweepId, family }, from, to - from);
  return { bars, shards: shards.filter(({ first }) => first < to).map(({ first, count, ref }) => ({ first, count, ref })) };
}

function tooLarge(): HoldfastError {
  const message =
    'A sweep keeps its bars in memory, and these are more than half of HOLDFAST_MEMORY_BUDGET_MB. Take a shorter range or fewer symbols, or raise it.';
  return new HoldfastError('sweep_too_large', message);
}
