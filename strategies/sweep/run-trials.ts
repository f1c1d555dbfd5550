import type { Decider } from '../../engine/run-simulation.ts';
import type { GoOn } from '../../engine/sweep/event-run.ts';
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
  return prepareTrials(run)(space).columns;
}

interface DoneTrials {
  columns: TrialColumns;
  /** By RUN_END, what a run of later bars goes on from; null for a trial that would have to begin at the first bar. */
  ends: (Float64Array | null)[];
}

/** As {@link runTrials}, for whoever runs the trials of a sweep in several parts: rules are read, and bars prepared, once. Trials may go on where those of fewer bars ended. */
export function prepareTrials({
  strategy,
  figures,
  deciderOf: given,
  ...input
}: SweptRun): (space: readonly Params[], goOn?: GoOn) => DoneTrials {
  const deciderOf = given ?? createDeciders(strategy, input);
  const figuresOf = createTrialFigures(input, figures);
  return (space, goOn) => {
    const columns = figures.map(() => new Float64Array(space.length));
    const ends: (Float64Array | null)[] = [];
    for (let start = 0; start < space.length; start += TOGETHER) {
      const deciders = space.slice(start, start + TOGETHER).map((params) => deciderOf({ ...strategy.params, ...params }));
      const part = goOn && { bar: goOn.bar, ends: goOn.ends.slice(start, start + TOGETHER) };
      figuresOf(deciders, part).forEach(({ figures: row, end }, k) => {
        columns.forEach((column, index) => (column[start + k] = row[index]!));
        ends.push(end);
      });
    }
    return { columns: Object.fromEntries(figures.map((figure, index) => [figure, columns[index]!])), ends };
  };
}

function createDeciders(strategy: StrategySpec, { bars, instruments, zone }: TrialInput): (params: Params) => Decider {
  if (strategy.rules === undefined) return (params) => prepareDecider({ ...strategy, params: { ...params } }, bars, { instruments, zone });
  const traded = [...bars.keys()].filter((index) => instruments?.[bars[index]!.symbol]?.tradable !== false);
  return prepareRulesOften(strategy.rules, { bars, traded, calendar: bars.map(({ ts }) => ts), zone });
}
