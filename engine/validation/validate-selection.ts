import type { Fold } from './windows.ts';
import type { FoldReport, ValidationReport } from '../../shared/validation.ts';
import { bootstrapInterval } from '../metrics/bootstrap.ts';
import { definedOrNull } from '../metrics/defined.ts';
import { deviation, excessKurtosis, momentsOfReturns, skewness } from '../metrics/moments.ts';
import { deflatedSharpe, deflationThreshold, minimumTrackRecordLength, type TrialSet } from '../metrics/sharpe-inference.ts';
import type { Overfitting } from './overfitting.ts';
import { judge } from './verdict.ts';

/** Of all statements: that the true figure is above (or within) with this probability. */
const CONFIDENCE = 0.95;

/** What a search has found, and all that was tried for it. */
export interface Selection {
  kind: ValidationReport['kind'];
  /** Daily returns of the selected trial, as fractions. */
  returns: Float64Array;
  periodsPerYear: number;
  /** A year; taken off the returns before their Sharpe ratio. */
  riskFreeRate: number;
  seed: number;
  /** Every distinct trial on this strategy, source and symbols, with the variance of their Sharpe ratios per period. */
  trials: TrialSet;
  objective: {
    /** The objective of some daily returns; null where they do not suffice for it. */
    figure: ((returns: Float64Array) => number) | null;
    /** Where it says neither gain nor loss: 0 for returns and Sharpe ratios, 1 for profit factors; null where there is no such value. */
    neutral: number | null;
    direction: 'max' | 'min';
  };
  overfitting?: Pick<Overfitting, 'probability' | 'probabilityOfLoss'>;
  folds?: readonly FoldReport[];
}

/** All that can be said of whether a selected trial is better than luck would have it. Deterministic by the seed. */
export function validateSelection(selection: Selection): ValidationReport {
  const { returns, periodsPerYear, riskFreeRate, seed, trials, objective, overfitting, folds = [] } = selection;
  const moments = momentsOfReturns(returns);
  const estimate = {
    sharpe: (moments.mean - riskFreeRate / periodsPerYear) / deviation(moments, 1),
    observations: moments.count,
    skewness: skewness(moments),
    kurtosis: excessKurtosis(moments) + 3,
  };
  const annual = (ratio: number): number | null => definedOrNull(ratio * Math.sqrt(periodsPerYear));
  const interval = objective.figure && bootstrapInterval(returns, objective.figure, { seed, confidence: CONFIDENCE });
  const figures = {
    kind: selection.kind,
    trials: trials.trials,
    sharpe: annual(estimate.sharpe),
    luckySharpe: annual(deflationThreshold(trials)),
    deflatedSharpe: definedOrNull(deflatedSharpe(estimate, trials)),
    observations: moments.count,
    minimumTrackRecord: definedOrNull(minimumTrackRecordLength(estimate, 0, CONFIDENCE)),
    interval: interval && Number.isFinite(interval.low) ? { ...interval, confidence: CONFIDENCE } : null,
    probabilityOfBacktestOverfitting: definedOrNull(overfitting?.probability ?? NaN),
    probabilityOfLoss: definedOrNull(overfitting?.probabilityOfLoss ?? NaN),
    folds: [...folds],
    efficiency: efficiencyOf(folds),
  };
  return { ...figures, ...judge(figures, objective) };
}

/**
 * Of each fold: the trial that its training window selects, and what that shows in the test. `objectives` gives the objective of every trial in a window,
 * NaN where it is undefined; of the test only the selected trial counts.
 */
export function selectByFold(
  folds: readonly Fold[],
  objectives: (range: Fold['train']) => Float64Array,
  direction: 'max' | 'min',
): FoldReport[] {
  return folds.flatMap(({ train, test }) => {
    const inside = objectives(train);
    const trial = indexOfBest(inside, direction);
    if (trial < 0) return [];
    return [{ trial, inSample: definedOrNull(inside[trial]!), outOfSample: definedOrNull(objectives(test)[trial]!) }];
  });
}

/** The first of the best; -1 where none is defined. */
function indexOfBest(values: Float64Array, direction: 'max' | 'min'): number {
  const sign = direction === 'max' ? 1 : -1;
  let best = -1;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    if (best < 0 || sign * values[i]! > sign * values[best]!) best = i;
  }
  return best;
}

/** Walk-forward efficiency: mean objective out of sample over that in sample, of the folds in which both are known. R. Pardo, The Evaluation and Optimization of Trading Strategies, 2nd ed., 2008. */
function efficiencyOf(folds: readonly FoldReport[]): number | null {
  const known = folds.filter(({ inSample, outOfSample }) => inSample !== null && outOfSample !== null);
  const sum = (name: 'inSample' | 'outOfSample'): number => known.reduce((total, fold) => total + fold[name]!, 0);
  return definedOrNull(sum('outOfSample') / sum('inSample'));
}
