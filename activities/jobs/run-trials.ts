import type { TrialTables } from '../../artifacts/trial-tables.ts';
import type { Points } from '../../engine/search/points.ts';
import { TPE_BLOCK, tpeBlock, type Observed } from '../../engine/search/tpe.ts';
import type { Decider } from '../../engine/run-simulation.ts';
import type { CountedTrial } from '../../results/ledger.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { Dataset } from '../../shared/bars.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { CONTROL } from '../../shared/slice-control.ts';
import type { Params } from '../../shared/strategy.ts';
import type { SweepSpec } from '../../shared/sweep-spec.ts';
import { objectivesOf, trialParams, type SweepPlan } from '../../strategies/sweep/plan.ts';
import { isBankruptEnd } from '../../engine/sweep/event-run.ts';
import { prepareTrials } from '../../strategies/sweep/run-trials.ts';
import { endColumns, keepsEnds, namesWithEnds, shardColumns, shardNames } from '../../strategies/sweep/shard-columns.ts';
import { countedTrials } from './counted-trials.ts';
import { endsBefore, type EndBefore, type TrialsBefore } from './ends-before.ts';
import { writeKnown, type Figures, type KnownTrials } from './known-trials.ts';
import { runInputOf } from './run-input.ts';

/** Trials of a sweep, by their numbers [from, to); of a search by TPE those of one block. */
export interface TrialJob {
  owner: string;
  spec: SweepSpec;
  dataset: Dataset;
  from: number;
  to: number;
  /** Tables of trials that were computed before. */
  known: readonly ArtifactRef[];
  /** What the search follows; null where it follows nothing. */
  observed: Observed | null;
  /** Where the trials of the night before ended; null where they begin at the first bar. */
  before: TrialsBefore | null;
  /** Wall time after which no further block of trials is begun, in milliseconds. */
  shardMs: number;
  /** By the positions of CONTROL. */
  control: Int32Array<SharedArrayBuffer>;
}

export interface TrialsDone {
  /** Trials done: the first ones. */
  count: number;
  cached: number;
  cpuSeconds: number;
  /** Their rows; null where there are none. */
  ref: ArtifactRef | null;
  /** Of these, the ones that had not been computed before. */
  table: ArtifactRef | null;
  best: { trial: number; objective: number } | null;
  /** What is new for the ledger of trials. */
  counted: CountedTrial[];
}

export interface TrialStores {
  trialTables: TrialTables;
  knownTrials: KnownTrials;
  planOf: (spec: SweepSpec) => SweepPlan;
  /** What decides in a trial, where it is no strategy of the catalog. */
  deciderOf?: (params: Params, dataset: Dataset) => Decider;
}

/** Does trials in blocks, with a look at the clock and the stop flag after each; what was done by then is stored. */
export async function runTrials(stores: TrialStores, job: TrialJob): Promise<TrialsDone> {
  const plan = stores.planOf(job.spec);
  const points = pointsOf(plan, job);
  if (points.count < job.to - job.from) throw tooFewPoints(job);
  const trials = trialParams(job.spec, plan, points);
  const figures: Figures = Object.fromEntries(plan.figures.map((name) => [name, new Float64Array(trials.length).fill(NaN)]));
  const known = await stores.knownTrials.lookUp(trials, { refs: job.known, figures: plan.figures, into: figures });
  const before = job.before && (await endsBefore(stores.trialTables, plan, { first: job.from, points, shards: job.before.shards }));
  const ends = Array.from<Float64Array | null>({ length: trials.length }).fill(null);
  const { count, cpuSeconds } = compute({ stores, job, plan, trials, known, figures, before, ends });
  const cached = known.subarray(0, count).reduce((sum, is) => sum + is, 0);
  if (count === 0) return { count, cached, cpuSeconds, ref: null, table: null, best: null, counted: [] };
  const done = cut({ points, trials, known, figures }, count);
  const counted = countedTrials(job.spec, job.dataset, { ...done, sharpe: done.figures.sharpe! });
  const columns = shardColumns(plan, { first: job.from, ...done });
  const files = await stores.trialTables.together(async (write) => ({
    ref: keepsEnds(job.spec, plan)
      ? await write(job.owner, namesWithEnds(plan), { ...columns, ...endColumns(ends.slice(0, count)) })
      : await write(job.owner, shardNames(plan), columns),
    table: await writeKnown(write, job.owner, done),
  }));
  return { count, cached, cpuSeconds, ...files, best: bestOf(plan, job, done.figures), counted };
}

function pointsOf(plan: SweepPlan, { spec, from, to, observed }: TrialJob): Points {
  if (observed === null) return plan.sequence().points(from, to);
  const block = from - (from % TPE_BLOCK);
  const { axes, admits } = plan;
  const { columns, count } = tpeBlock({ axes, admits, seed: spec.seed, random: plan.sequence() }, block, observed);
  const [start, end] = [Math.min(count, from - block), Math.min(count, to - block)];
  return { count: end - start, columns: columns.map((column) => column.subarray(start, end)) };
}

/** They were counted when the sweep was accepted: by another version of the search. */
function tooFewPoints({ from, to }: TrialJob): HoldfastError {
  return new HoldfastError('invalid_spec', `The space of this sweep has no trials ${from} to ${to - 1} any more. Submit it again.`);
}

interface Computing {
  stores: TrialStores;
  job: TrialJob;
  plan: SweepPlan;
  trials: readonly Params[];
  /** Marks the trials whose figures are there already. */
  known: Uint8Array;
  figures: Figures;
  /** How they ended in the night before. */
  before: readonly (EndBefore | null)[] | null;
  /** How they end. */
  ends: (Float64Array | null)[];
}

/** A few at first, since nobody knows how long one takes; then as many as take about this long. A pause waits for the end of a block. */
const FIRST_BLOCK = 4;
const BLOCK_MS = 200;
const MOST_IN_BLOCK = 4_096;

function compute({ stores: { deciderOf }, job, plan, trials, known, figures, before, ends }: Computing): {
  count: number;
  cpuSeconds: number;
} {
  const { spec, dataset, control, shardMs } = job;
  const { strategy, metrics, seed } = spec;
  const decider = deciderOf && { deciderOf: (params: Params) => deciderOf(params, dataset) };
  const input = { ...runInputOf(spec, dataset), strategy, metrics, seed, figures: plan.figures, ...decider };
  const start = performance.now();
  const run = prepareTrials(input);
  let cpuMs = 0;
  let count = 0;
  let block = FIRST_BLOCK;
  const isOver = (): boolean => Atomics.load(control, CONTROL.stop) !== 0 || performance.now() - start > shardMs;
  while (count < trials.length && !isOver()) {
    const end = Math.min(trials.length, count + block);
    const unknown = Array.from({ length: end - count }, (_, k) => count + k).filter((trial) => known[trial] === 0);
    const isOpen = (trial: number): boolean => !isBankruptEnd(before?.[trial]?.end ?? NO_END);
    for (const trial of unknown) if (!isOpen(trial)) copyEnd(plan, before![trial]!, trial, { figures, ends });
    const fresh = unknown.filter(isOpen);
    if (fresh.length > 0) {
      const began = performance.now();
      const goOn = before && { bar: job.before!.bars, ends: fresh.map((trial) => before[trial]?.end ?? null) };
      const done = run(
        fresh.map((trial) => trials[trial]!),
        goOn ?? undefined,
      );
      for (const name of plan.figures) fresh.forEach((trial, k) => (figures[name]![trial] = done.columns[name]![k]!));
      fresh.forEach((trial, k) => (ends[trial] = done.ends[k]!));
      const took = performance.now() - began;
      cpuMs += took;
      block = Math.max(1, Math.min(4 * block, MOST_IN_BLOCK, Math.round((fresh.length * BLOCK_MS) / took)));
    }
    count = end;
    Atomics.store(control, CONTROL.done, count);
  }
  return { count, cpuSeconds: cpuMs / 1000 };
}

const NO_END = new Float64Array(0);

/** Of a trial whose account was used up before. */
function copyEnd(
  { figures: names }: SweepPlan,
  { end, figure }: EndBefore,
  trial: number,
  into: Pick<Computing, 'figures' | 'ends'>,
): void {
  for (const name of names) into.figures[name]![trial] = figure(name);
  into.ends[trial] = end;
}

interface Rows {
  points: Points;
  trials: readonly Params[];
  known: Uint8Array;
  figures: Figures;
}

/** The first `count` of them. */
function cut({ points, trials, known, figures }: Rows, count: number): Rows {
  return {
    points: { count, columns: points.columns.map((column) => column.subarray(0, count)) },
    trials: trials.slice(0, count),
    known: known.subarray(0, count),
    figures: Object.fromEntries(Object.entries(figures).map(([name, column]) => [name, column.subarray(0, count)])),
  };
}

function bestOf(plan: SweepPlan, { spec, from }: TrialJob, figures: Figures): TrialsDone['best'] {
  const sign = spec.objective.direction === 'max' ? 1 : -1;
  const objectives = objectivesOf(plan, figures);
  let best = -1;
  objectives.forEach((value, row) => {
    if (!Number.isNaN(value) && (best < 0 || sign * value > sign * objectives[best]!)) best = row;
  });
  return best < 0 ? null : { trial: from + best, objective: objectives[best]! };
}
