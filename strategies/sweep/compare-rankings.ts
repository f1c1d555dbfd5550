import type { NightRanking, NightTrial } from '../../shared/schedule.ts';
import type { Params } from '../../shared/strategy.ts';
import type { SweepSpec } from '../../shared/sweep-spec.ts';
import type { SweepPlan } from './plan.ts';
import { bestRows, trialAt, type RankedTrials } from './ranked-trials.ts';

/** The trials of a sweep, with all that they were made of. */
export interface NightOfTrials {
  spec: Pick<SweepSpec, 'strategy'>;
  plan: SweepPlan;
  trials: RankedTrials;
}

/** Trials of each night that are looked for in the other. */
const TOP = 10;

/** How the best trials of two nights stand in the other one. Trials are the same by their parameters: their numbers may differ. */
export function compareRankings(before: NightOfTrials | null, after: NightOfTrials): NightRanking {
  const [last, now] = [before && bestOf(before), bestOf(after)];
  const known = new Set(now);
  // The best of this night, and behind them what was among the best of the one before.
  const rows = now.map((row): Pair => ({ after: row, before: before && find(before, paramsOf(after, row)) }));
  const fallen = (last ?? [])
    .map((row): Pair => ({ before: row, after: find(after, paramsOf(before!, row)) }))
    .filter((pair) => pair.after === null || !known.has(pair.after))
    .sort((a, b) => rankIn(after, a.after) - rankIn(after, b.after));
  return {
    best: { before: before && shown(before, last![0]), after: shown(after, now[0]) },
    top: [...rows, ...fallen].map((pair) => ({
      params: shown(pair.after === null ? before! : after, pair.after ?? pair.before!)!.params,
      rank: { before: before && rankOrNull(before, pair.before), after: rankOrNull(after, pair.after) },
      objective: { before: before && objectiveOf(before, pair.before), after: objectiveOf(after, pair.after) },
    })),
  };
}

interface Pair {
  before: number | null;
  after: number | null;
}

function bestOf({ trials }: NightOfTrials): number[] {
  return bestRows(trials, TOP);
}

function shown({ plan, trials }: NightOfTrials, row: number | undefined): NightTrial | null {
  if (row === undefined) return null;
  const { params, objective, rank, metrics } = trialAt(plan, trials, row);
  return { params, objective, rank, metrics };
}

/** All parameters of a trial, those that do not differ between trials included. */
function paramsOf({ spec, plan, trials }: NightOfTrials, row: number): Params {
  return { ...spec.strategy.params, ...trialAt(plan, trials, row).params };
}

/** The row of the trial with these parameters; null where there is none. */
function find({ spec, plan: { axes }, trials: { points } }: NightOfTrials, params: Params): number | null {
  const names = new Set([...Object.keys(spec.strategy.params), ...axes.map(({ name }) => name)]);
  const isFixed = (name: string): boolean => !axes.some((axis) => axis.name === name);
  if (names.size !== Object.keys(params).length) return null;
  if ([...names].some((name) => isFixed(name) && spec.strategy.params[name] !== params[name])) return null;
  for (let row = 0; row < points.count; row++)
    if (axes.every((axis, k) => axis.valueOf(points.columns[k]![row]!) === params[axis.name])) return row;
  return null;
}

function objectiveOf({ trials: { objective } }: NightOfTrials, row: number | null): number | null {
  const value = row === null ? NaN : objective[row]!;
  return Number.isNaN(value) ? null : value;
}

function rankOrNull(night: NightOfTrials, row: number | null): number | null {
  return objectiveOf(night, row) === null ? null : night.trials.rank[row!]!;
}

function rankIn(night: NightOfTrials, row: number | null): number {
  return rankOrNull(night, row) ?? Infinity;
}
