import { createTrialFigures } from '../../engine/sweep/trial-figures.ts';
import type { Strategy } from '../../engine/strategy.ts';
import type { Bars } from '../../shared/bars.ts';
import type { MetricName } from '../../shared/metrics.ts';
import type { AccountSpec, MetricSpec } from '../../shared/spec.ts';
import type { Params } from '../../shared/strategy.ts';
import type { ZoneOffsets } from '../../shared/zone-offsets.ts';

export interface Trials {
  bars: Bars;
  /** The strategy with one set of parameters, such as {@link preparePlain} gives. */
  strategyOf: (params: Params) => Strategy;
  /** One trial each. */
  space: readonly Params[];
  account: AccountSpec;
  metrics: MetricSpec;
  /** `zone` of the dataset. */
  zone?: ZoneOffsets | undefined;
  /** What to know of each trial. */
  figures: readonly MetricName[];
}

/** The figures of every trial as columns in the order of `space`, NaN where a single run has null; else with the same bytes as its. */
export function runTrials({ strategyOf, space, figures, ...input }: Trials): Partial<Record<MetricName, Float64Array>> {
  const figuresOf = createTrialFigures(input, figures);
  const columns = figures.map(() => new Float64Array(space.length));
  const row = new Float64Array(figures.length);
  space.forEach((params, trial) => {
    figuresOf(strategyOf(params), row);
    columns.forEach((column, index) => (column[trial] = row[index]!));
  });
  return Object.fromEntries(figures.map((figure, index) => [figure, columns[index]!]));
}
