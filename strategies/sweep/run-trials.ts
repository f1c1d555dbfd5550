import type { Decider } from '../../engine/run-simulation.ts';
import { createTrialFigures, type TrialInput } from '../../engine/sweep/trial-figures.ts';
import type { MetricName } from '../../shared/metrics.ts';
import type { StrategySpec } from '../../shared/spec.ts';
import type { Params } from '../../shared/strategy.ts';
import { prepareDecider } from '../catalog.ts';
import { prepareRulesOften } from '../rules/rules-strategy.ts';

export interface Trials extends TrialInput {
  /** A named strategy or rules; what its parameters are in the trials stands in `space`. */
  strategy: StrategySpec;
  /** The parameters of each trial, checked; those that are left out are as in the strategy. */
  space: readonly Params[];
  /** What decides in a trial, where it is no strategy of the catalog. */
  deciderOf?: (params: Params) => Decider;
  /** What to know of each trial. */
  figures: readonly MetricName[];
}

/** Trials that go through the bars together, and what they need meanwhile is held in memory. */
const TOGETHER = 256;

/** The figures of every trial as columns in the order of `space`, NaN where a single run has null; else with the same bytes as its. */
export function runTrials({ strategy, space, figures, deciderOf, ...input }: Trials): Partial<Record<MetricName, Float64Array>> {
  const prepare = deciderOf ?? createDeciders(strategy, input);
  const figuresOf = createTrialFigures(input, figures);
  const columns = figures.map(() => new Float64Array(space.length));
  for (let start = 0; start < space.length; start += TOGETHER) {
    const deciders = space.slice(start, start + TOGETHER).map((params) => prepare({ ...strategy.params, ...params }));
    figuresOf(deciders).forEach((row, k) => columns.forEach((column, index) => (column[start + k] = row[index]!)));
  }
  return Object.fromEntries(figures.map((figure, index) => [figure, columns[index]!]));
}

function createDeciders(strategy: StrategySpec, { bars, instruments, zone }: TrialInput): (params: Params) => Decider {
  if (strategy.rules === undefined) return (params) => prepareDecider({ ...strategy, params: { ...params } }, bars, { instruments, zone });
  const traded = [...bars.keys()].filter((index) => instruments?.[bars[index]!.symbol]?.tradable !== false);
  return prepareRulesOften(strategy.rules, { bars, traded, calendar: bars.map(({ ts }) => ts), zone });
}
