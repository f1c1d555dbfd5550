import { neighbourhoods } from '../../engine/search/neighbourhood.ts';
import { paramsAt } from '../../engine/search/points.ts';
import type { MetricName } from '../../shared/metrics.ts';
import type { Trial } from '../../shared/sweep.ts';
import type { Objective } from '../../shared/sweep-spec.ts';
import { objectivesOf, type SweepPlan } from './plan.ts';
import { rowsIn, shardNames, type TrialRows } from './shard-columns.ts';

/** Trials with what can only be said of all of them together. */
export interface RankedTrials extends TrialRows {
  objective: Float64Array;
  /** 1 is the best; of equal ones the earlier. Those without an objective come last. */
  rank: Float64Array;
  robust: Float64Array;
  neighbours: Float64Array;
}

const RANKED = ['objective', 'rank', 'robust', 'neighbours'] as const;

export function rankTrials(plan: SweepPlan, direction: Objective['direction'], rows: TrialRows): RankedTrials {
  const objective = objectivesOf(plan, rows.figures);
  const sign = direction === 'max' ? 1 : -1;
  const score = Float64Array.from(objective, (value) => (Number.isNaN(value) ? -Infinity : sign * value));
  const order = Uint32Array.from(score.keys()).sort((a, b) => (score[b] === score[a] ? a - b : score[b]! - score[a]!));
  const rank = new Float64Array(score.length);
  order.forEach((row, place) => (rank[row] = place + 1));
  const { mean: robust, neighbours } = neighbourhoods(plan.axes, rows.points, objective);
  return { ...rows, objective, rank, robust, neighbours };
}

/** Names of the columns of a stored table of all trials. */
export function rankedNames(plan: SweepPlan): string[] {
  return [...shardNames(plan), ...RANKED];
}

/** The inverse of storing {@link rankedNames}. */
export function rankedIn(plan: SweepPlan, columns: Readonly<Record<string, Float64Array>>): RankedTrials {
  const [objective, rank, robust, neighbours] = RANKED.map((name) => columns[name]!) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { ...rowsIn(plan, columns), objective, rank, robust, neighbours };
}

export function trialAt(plan: SweepPlan, trials: RankedTrials, row: number): Trial {
  const figures = Object.entries(trials.figures) as [MetricName, Float64Array][];
  return {
    trial: trials.trial[row]!,
    params: paramsAt(plan.axes, trials.points, row),
    metrics: Object.fromEntries(figures.map(([name, column]) => [name, defined(column[row]!)])),
    objective: defined(trials.objective[row]!),
    rank: trials.rank[row]!,
    cached: trials.cached[row] === 1,
    robust: defined(trials.robust[row]!),
    neighbours: trials.neighbours[row]!,
  };
}

/** Rows of the best trials, the best first; none without an objective. */
export function bestRows({ rank, objective }: RankedTrials, count: number): number[] {
  const rows: number[] = [];
  rank.forEach((place, row) => {
    if (place <= count && !Number.isNaN(objective[row])) rows[place - 1] = row;
  });
  return rows.filter((row) => row !== undefined);
}

function defined(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
