import type { Observed } from '../engine/search/tpe.ts';
import type { TrialShard } from '../results/sweeps.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import type { SweepSpec } from '../shared/sweep-spec.ts';
import { objectivesOf, planOf, type SweepPlan } from '../strategies/sweep/plan.ts';
import { rowsIn, shardNames } from '../strategies/sweep/shard-columns.ts';
import type { Ports } from './ports.ts';

type Of = Pick<TrialShard, 'sweepId' | 'family'>;

/** Sweeps whose trials are kept decoded, so that each file is read once. */
const KEPT = 8;
const PAGE = 1_000;

interface Seen {
  plan: SweepPlan;
  count: number;
  columns: number[][];
  scores: number[];
  ready: Promise<void>;
}

/** What a search by TPE follows: the trials of a sweep below a limit, all of which are stored. */
export function createObservations({ results, sweeps }: Pick<Ports, 'results' | 'sweeps'>) {
  const kept = new Map<string, Seen>();

  async function read(of: Of, refs: readonly ArtifactRef[], seen: Seen, spec: SweepSpec): Promise<void> {
    const sign = spec.objective.direction === 'max' ? 1 : -1;
    const { trial, points, figures } = rowsIn(seen.plan, await sweeps.trialTables.read(refs, shardNames(seen.plan)));
    const objectives = objectivesOf(seen.plan, figures);
    trial.forEach((number, row) => {
      if (number !== seen.count) return; // of a shard that was read in part before
      points.columns.forEach((column, k) => seen.columns[k]!.push(column[row]!));
      seen.scores.push(sign * objectives[row]!);
      seen.count++;
    });
  }

  async function follow(of: Of, seen: Seen, spec: SweepSpec, limit: number): Promise<void> {
    while (seen.count < limit) {
      const before = seen.count;
      const shards = await results.shardsOf(of, seen.count, PAGE);
      await read(
        of,
        shards.map(({ ref }) => ref),
        seen,
        spec,
      );
      if (seen.count === before) throw new Error(`the trial ${before} of the sweep ${of.sweepId} is not stored yet`);
    }
  }

  return async (of: Of, spec: SweepSpec, limit: number): Promise<Observed> => {
    const key = `${of.sweepId} ${of.family}`;
    const plan = kept.get(key)?.plan ?? planOf(spec);
    const seen = kept.get(key) ?? { plan, count: 0, columns: plan.axes.map(() => []), scores: [], ready: Promise.resolve() };
    kept.delete(key);
    kept.set(key, seen);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
    const turn = seen.ready.then(() => follow(of, seen, spec, limit));
    seen.ready = turn.catch(() => undefined);
    await turn;
    const count = Math.max(0, limit);
    const columns = seen.columns.map((column) => Float64Array.from(column.slice(0, count)));
    return { points: { count, columns }, scores: Float64Array.from(seen.scores.slice(0, count)) };
  };
}
