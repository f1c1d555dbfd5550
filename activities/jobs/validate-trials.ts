import { createDailyEquity, returnsOf } from '../../engine/metrics/daily-equity.ts';
import { periodsOf } from '../../engine/metrics/conventions.ts';
import { figureOfReturns } from '../../engine/validation/figure-of-returns.ts';
import { blockSums, overfittingOf } from '../../engine/validation/overfitting.ts';
import { selectByFold, validateSelection } from '../../engine/validation/validate-selection.ts';
import { foldsOf, type Fold } from '../../engine/validation/windows.ts';
import { wholeRun } from '../../engine/whole-run.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { Dataset } from '../../shared/bars.ts';
import type { MetricName } from '../../shared/metrics.ts';
import type { Params } from '../../shared/strategy.ts';
import type { SweepSpec } from '../../shared/sweep-spec.ts';
import type { ValidationReport } from '../../shared/validation.ts';
import { prepareDecider } from '../../strategies/catalog.ts';
import { objectiveMetric, trialParams } from '../../strategies/sweep/plan.ts';
import { bestRows, rankTrials } from '../../strategies/sweep/ranked-trials.ts';
import { rowsIn, shardNames } from '../../strategies/sweep/shard-columns.ts';
import { runInputOf } from './run-input.ts';
import type { TrialStores } from './run-trials.ts';

export interface ValidationJob {
  spec: SweepSpec;
  dataset: Dataset;
  /** All shards, in the order of the trials. */
  shards: readonly ArtifactRef[];
  /** How many trials the owner ever ran on this strategy, source and symbols, and the variance of their Sharpe ratios per period. */
  ledger: { trials: number; variance: number };
}

/** Trials that are gone through again, with their daily returns; of more an even choice is taken, and the best. */
const MOST_VALIDATED = 1_000;

/** Whether the best trial of a sweep is better than luck would have it; null where no trial has an objective. The same for the same trials. */
export async function validateTrials(
  { trialTables, planOf, deciderOf }: Pick<TrialStores, 'trialTables' | 'planOf' | 'deciderOf'>,
  { spec, dataset, shards, ledger }: ValidationJob,
): Promise<ValidationReport | null> {
  const plan = planOf(spec);
  const rows = rowsIn(plan, await trialTables.read(shards, shardNames(plan)));
  const [best] = bestRows(rankTrials(plan, spec.objective.direction, rows), 1);
  if (best === undefined) return null;
  const { kind } = spec.validation;
  const chosen = kind === 'none' ? [best] : chooseRows(rows.points.count, best);
  const params = trialParams(spec, plan, rows.points);
  const days = createDays(spec, dataset, deciderOf);
  const returns = chosen.map((row) => days.returnsOf(params[row]!));
  const { figure, neutral } = objectiveOf(spec, days.periodsPerYear());
  const { direction } = spec.objective;
  return validateSelection({
    kind,
    returns: returns[chosen.indexOf(best)]!,
    periodsPerYear: days.periodsPerYear(),
    riskFreeRate: spec.metrics.riskFreeRate,
    seed: spec.seed,
    trials: ledger,
    objective: { figure, neutral, direction },
    ...(spec.validation.kind === 'cscv' && { overfitting: overfittingIn(returns, spec.validation.blocks) }),
    ...((spec.validation.kind === 'holdout' || spec.validation.kind === 'walk-forward') && {
      folds: selectByFold(
        foldsOf(spec.validation, days.bars()),
        (range) => Float64Array.from(returns, (each) => figure!(days.within(each, range))),
        direction,
      ).map((fold) => ({ ...fold, trial: rows.trial[chosen[fold.trial]!]! })),
    }),
  });
}

function chooseRows(count: number, best: number): number[] {
  const most = Math.min(count, MOST_VALIDATED);
  const rows = new Set(Array.from({ length: most }, (_, k) => Math.floor((k * count) / most)));
  return [...rows.add(best)].sort((a, b) => a - b);
}

function overfittingIn(returns: readonly Float64Array[], blocks: number) {
  const length = Math.floor((returns[0]?.length ?? 0) / blocks);
  return overfittingOf(
    returns.map((each) => blockSums(each, blocks)),
    length,
  );
}

/** Values that mean neither gain nor loss. */
const NEUTRAL: Partial<Record<MetricName, number>> = { totalReturn: 0, cagr: 0, sharpe: 0, sortino: 0, omega: 1 };

function objectiveOf(spec: SweepSpec, periodsPerYear: number) {
  const metric = objectiveMetric(spec.objective);
  if (metric === null) return { figure: null, neutral: null };
  return { figure: figureOfReturns(metric, { ...spec.metrics, periodsPerYear }), neutral: NEUTRAL[metric] ?? null };
}

/** Goes through the bars with one trial after the other, for their daily returns: as many for each, 0 where an account is used up. */
function createDays(spec: SweepSpec, dataset: Dataset, given: TrialStores['deciderOf']) {
  const input = { ...runInputOf(spec, dataset), metrics: spec.metrics, seed: spec.seed };
  const ofCatalog = (params: Params) => prepareDecider({ ...spec.strategy, params: { ...params } }, input.bars, input);
  const deciderOf = given ? (params: Params) => given(params, dataset) : ofCatalog;
  /** Number of the last bar of each day. */
  let lastBars: Float64Array | null = null;
  let bars = 0;
  let periods = NaN;

  function dailyOf(params: Params) {
    const daily = createDailyEquity(dataset.zone);
    const numbers = createDailyEquity(dataset.zone);
    let bar = 0;
    wholeRun({ ...input, decider: deciderOf(params) }, ({ curve: { ts, equity } }) => {
      daily.add(ts, equity);
      numbers.add(
        ts,
        Float64Array.from(ts, () => bar++),
      );
    });
    return { daily: daily.finish(), numbers: numbers.finish().equity, bars: bar };
  }

  return {
    returnsOf(params: Params): Float64Array {
      const found = dailyOf(params);
      if (lastBars === null || found.numbers.length > lastBars.length) {
        lastBars = found.numbers;
        ({ bars } = found);
        periods = periodsOf(spec.metrics, found.daily.calendar);
      }
      const returns = new Float64Array(Math.max(0, lastBars.length - 1));
      returns.set(returnsOf(found.daily.equity));
      return returns;
    },
    bars: () => bars,
    periodsPerYear: () => periods,
    /** The returns of the days that lie in a range of bars as a whole. */
    within(returns: Float64Array, { from, to }: Fold['train']): Float64Array {
      const dayAt = (at: number): number => lastBars!.findIndex((last) => last >= at);
      const [first, end] = [dayAt(from), to >= bars ? lastBars!.length : dayAt(to)];
      return returns.subarray(Math.max(0, first - 1), Math.max(0, end - 1));
    },
  };
}
