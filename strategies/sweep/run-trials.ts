import type { Decider } from '../../engine/run-simulation.ts';
import { createTrialFigures, type TrialInput } from '../../engine/sweep/trial-figures.ts';
import type { MetricName } from '../../shared/metrics.ts';
import type { StrategySpec } from '../../shared/spec.ts';
import type { Params } from '../../shared/strategy.ts';
import { prepareDecider } from '../catalog.ts';
import { prepareRulesOften } from '../rules/rules-strategy.ts';

/** What is the same in all trials of a sweep. */
export interface SweptRun extends TrialInput {
  /** A named strategy or rules; what its parameters are in the trials stands in their `space`. */
  strategy: StrategySpec;
  /** What decides in a trial, where it is no strategy of the catalog. */
  deciderOf?: (params: Params) => Decider;
  /** What to know of each trial. */
  figures: readonly MetricName[];
}

export interface Trials extends SweptRun {
  /** The parameters of each trial, checked; those that are left out are as in the strategy. */
  space: readonly Params[];
}

/** Figures of trials as columns in their order, NaN where a single run has null; else with the same bytes as its. */
export type TrialColumns = Partial<Record<MetricName, Float64Array>>;

/** Trials that go through the bars together, and what they need meanwhile is held in memory. */
const TOGETHER = 256;

/** The figures of every trial. */
export function runTrials({ space, ...run }: Trials): TrialColumns {
  return prepareTrials(run)(space);
}

/** As {@link runTrials}, for whoever runs the trials of a sweep in several parts: rules are read, and bars prepared, once. */
export function prepareTrials({ strategy, figures, deciderOf: given, ...input }: SweptRun): (space: readonly Params[]) => TrialColumns {
  const deciderOf = given ?? createDeciders(strategy, input);
  const figuresOf = createTrialFigures(input, figures);
  return (space) => {
    const columns = figures.map(() => new Float64Array(space.length));
    for (let start = 0; start < space.length; start += TOGETHER) {
      const deciders = space.slice(start, start + TOGETHER).map((params) => deciderOf({ ...strategy.params, ...params }));
      figuresOf(deciders).forEach((row, k) => columns.forEach((column, index) => (column[start + k] = row[index]!)));
    }
    return Object.fromEntries(figures.map((figure, index) => [figure, columns[index]!]));
  };
}

function createDeciders(strategy: StrategySpec, { bars, instruments, zone }: TrialInput): (params: Params) => Decider {
  if (strategy.rules === undefined) return (params) => prepareDecider({ ...strategy, params: { ...params } }, bars, { instruments, zone });
  const traded = [...bars.keys()].filter((index) => instruments?.[bars[index]!.symbol]?.tradable !== false);
  return prepareRulesOften(strategy.rules, { bars, traded, calendar: bars.map(({ ts }) => ts), zone });
}
