import type { SweepPlan } from './plan.ts';
import type { RankedTrials } from './ranked-trials.ts';

/** A column of the table of trials as people see it: numbers, or words for a parameter that has some. */
export interface TrialColumn {
  name: string;
  values: Float64Array;
  /** What the values are the numbers of; null where they are meant themselves. */
  words: readonly string[] | null;
}

/** Every column of the table of trials, by which it is sorted and filtered. A parameter that is called like another column is found as `param_NAME`. */
export function trialColumns({ axes }: Pick<SweepPlan, 'axes'>, trials: RankedTrials): TrialColumn[] {
  const { rank, trial, objective, robust, neighbours, cached, figures, points } = trials;
  const others = { rank, trial, objective, ...figures, robust, neighbours, cached };
  const params = axes.map((axis, k): TrialColumn => {
    const name = Object.hasOwn(others, axis.name) ? `param_${axis.name}` : axis.name;
    const coordinates = points.columns[k]!;
    if (axis.isOrdered) return { name, values: coordinates.map((at) => axis.valueOf(at) as number), words: null };
    return { name, values: coordinates, words: Array.from({ length: axis.count }, (_, at) => String(axis.valueOf(at))) };
  });
  const plain = (entries: Record<string, Float64Array>): TrialColumn[] =>
    Object.entries(entries).map(([name, values]) => ({ name, values, words: null }));
  return [...plain({ rank, trial }), ...params, ...plain({ objective, ...figures, robust, neighbours, cached })];
}
