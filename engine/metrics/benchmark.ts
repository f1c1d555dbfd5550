import { returnsOf } from './daily-equity.ts';
import { productsOfDeviations, deviation, momentsOfReturns, type Moments } from './moments.ts';
import type { ReturnSeries } from './returns.ts';

/** Daily returns of the strategy and of its benchmark, of the days on which both are known. */
export interface ReturnPairs {
  own: Float64Array;
  benchmark: Float64Array;
  ownMoments: Moments;
  benchmarkMoments: Moments;
  /** Σ(r - mean r)(b - mean b). */
  products: number;
  periodsPerYear: number;
  ddof: number;
}

/**
 * The daily returns of the strategy beside those of a benchmark, given as its daily values, one more than returns; where it has no value (NaN) there is no pair.
 * Without a benchmark (null) there is none at all, and every figure below is NaN.
 */
export function returnPairs({ returns, periodsPerYear, ddof }: ReturnSeries, benchmark: Float64Array | null): ReturnPairs {
  // Returns rather than values are left out: a gap must not join two days that do not follow each other.
  const pairs = knownPairs(returns, returnsOf(benchmark ?? new Float64Array(0)));
  return {
    ...pairs,
    ownMoments: momentsOfReturns(pairs.own),
    benchmarkMoments: momentsOfReturns(pairs.benchmark),
    products: productsOfDeviations(pairs.own, pairs.benchmark),
    periodsPerYear,
    ddof,
  };
}

/** The pairs whose second value is known. By a loop: `filter` takes twenty times as long. */
function knownPairs(own: Float64Array, benchmark: Float64Array): Pick<ReturnPairs, 'own' | 'benchmark'> {
  const known = { own: new Float64Array(benchmark.length), benchmark: new Float64Array(benchmark.length) };
  let count = 0;
  for (let i = 0; i < benchmark.length; i++) {
    if (!Number.isFinite(benchmark[i]!)) continue;
    known.own[count] = own[i]!;
    known.benchmark[count++] = benchmark[i]!;
  }
  return { own: known.own.subarray(0, count), benchmark: known.benchmark.subarray(0, count) };
}

/**
 * Beta: cov(r, b) / var(b) of the daily returns. A pure number. W. F. Sharpe, Capital Asset Prices, Journal of Finance 19(3), 1964. Not finite where the
 * benchmark does not vary.
 */
export function beta({ products, benchmarkMoments }: ReturnPairs): number {
  return products / benchmarkMoments.squares;
}

/**
 * Jensen's alpha, compounded: (1 + mean((r - f) - β (b - f)))^periods - 1, f = annual risk-free rate / periods. A fraction a year.
 * M. C. Jensen, The Performance of Mutual Funds in the Period 1945-1964, Journal of Finance 23(2), 1968.
 */
export function alpha(pairs: ReturnPairs, riskFreeRate: number): number {
  const { ownMoments, benchmarkMoments, periodsPerYear: periods } = pairs;
  const rate = riskFreeRate / periods;
  const daily = ownMoments.mean - rate - beta(pairs) * (benchmarkMoments.mean - rate);
  return Math.expm1(periods * Math.log1p(daily));
}

/**
 * Treynor ratio: mean(r - f) × periods / β, f = annual risk-free rate / periods. A fraction a year for each unit of β. J. L. Treynor, How to Rate
 * Management of Investment Funds, Harvard Business Review 43(1), 1965.
 */
export function treynor(pairs: ReturnPairs, riskFreeRate: number): number {
  return (pairs.ownMoments.mean * pairs.periodsPerYear - riskFreeRate) / beta(pairs);
}

/** What the strategy earned beside its benchmark. */
export interface ActiveFigures {
  /** Standard deviation of r - b (n - ddof in the denominator) × √periods: a fraction a year. */
  trackingError: number;
  /**
   * mean(r - b) × periods / tracking error. T. H. Goodwin, The Information Ratio, Financial Analysts Journal 54(4), 1998. Not finite where the
   * strategy is its benchmark.
   */
  informationRatio: number;
}

/** Tracking error and information ratio of the pairs. */
export function activeFigures({ own, benchmark, periodsPerYear: periods, ddof }: ReturnPairs): ActiveFigures {
  const difference = new Float64Array(own.length);
  for (let i = 0; i < own.length; i++) difference[i] = own[i]! - benchmark[i]!;
  const active = momentsOfReturns(difference);
  const trackingError = deviation(active, ddof) * Math.sqrt(periods);
  return { trackingError, informationRatio: (active.mean * periods) / trackingError };
}
