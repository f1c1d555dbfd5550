import { BLOCK, CompensatedSum } from '../compensated-sum.ts';
import { DAY_MS } from '../timeframes/local-time.ts';
import { returnsOf, type Calendar } from './daily-equity.ts';
import { deviation, momentsOfReturns, type Moments } from './moments.ts';
import type { Spread } from './return-sums.ts';

/** Mean length of a year in the Gregorian calendar, rounded as in most of the literature. */
const DAYS_PER_YEAR = 365.25;

/** Years between two times in milliseconds. */
export function yearsBetween(fromTs: number, toTs: number): number {
  return (toTs - fromTs) / (DAYS_PER_YEAR * DAY_MS);
}

/**
 * Periods a year for annualising daily returns: 365 where there are bars on weekends, else 252 trading days. Where bars are more than four
 * days apart on average (weekly, monthly), as many as fit into a year at that distance.
 */
export function periodsPerYear(calendar: Calendar): number {
  if (calendar.daysBetween > 4) return DAYS_PER_YEAR / calendar.daysBetween;
  return calendar.tradesOnWeekends ? 365 : 252;
}

/** Returns of one day each, as far as ratios of mean and deviation go. */
export interface ReturnSpread {
  moments: Spread;
  /** Last value over the first: the product of all 1 + r. */
  growth: number;
  periodsPerYear: number;
  /** Taken off the number of values in the denominator of a variance. */
  ddof: number;
}

/** Returns of one day each, and what ratios are made of. */
export interface ReturnSeries extends ReturnSpread {
  /** As fractions. */
  returns: Float64Array;
  moments: Moments;
}

/** The returns of a column of daily values, annualised by `periodsPerYear`. */
export function returnSeries(values: Float64Array, conventions: { periodsPerYear: number; ddof: number }): ReturnSeries {
  const returns = returnsOf(values);
  return { returns, moments: momentsOfReturns(returns), growth: (values.at(-1) ?? NaN) / values[0]!, ...conventions };
}

/** Last equity over starting cash, minus one: a fraction, fees and open positions included. */
export function totalReturn(cash: number, lastEquity: number): number {
  return lastEquity / cash - 1;
}

/**
 * Compound annual growth rate: (1 + total return)^(1 / years) - 1. A fraction a year; NaN where nothing is left to compound (equity below 0) or
 * no time has passed. Years are those of {@link yearsBetween}, or returns / periods a year.
 */
export function cagr(total: number, years: number): number {
  // By exp and log: powers differ between versions of the platform. log(0) = -Infinity gives the right -1.
  return years > 0 ? Math.exp(Math.log(1 + total) / years) - 1 : NaN;
}

/** {@link cagr} of the daily returns, with n / periods as years: (product of 1 + r)^(periods / n) - 1, a fraction a year. */
export function annualReturn({ growth, moments, periodsPerYear: periods }: ReturnSpread): number {
  return cagr(growth - 1, moments.count / periods);
}

/** Standard deviation of the daily returns (n - ddof in the denominator) × √periods: a fraction a year. */
export function volatility({ moments, ddof, periodsPerYear: periods }: ReturnSpread): number {
  return deviation(moments, ddof) * Math.sqrt(periods);
}

/**
 * Deviation of a year of compounded daily returns: √((s² + G²)^periods - G^(2 periods)), s = their standard deviation, G = their geometric mean
 * plus one. A fraction a year. L. A. Goodman, On the Exact Variance of Products, Journal of the American Statistical Association 55, 1960.
 */
export function compoundedVolatility({ moments, growth, ddof, periodsPerYear: periods }: ReturnSpread): number {
  const meanGrowth = Math.exp(Math.log(growth) / moments.count);
  const relative = deviation(moments, ddof) / meanGrowth;
  // G^(2 periods) taken out, so that little variance is not lost beside it.
  return Math.exp(periods * Math.log(meanGrowth)) * Math.sqrt(Math.expm1(periods * Math.log1p(relative * relative)));
}

/**
 * Sharpe ratio, arithmetic: mean(r - f) / std(r) × √periods, f = annual risk-free rate / periods. W. F. Sharpe, The Sharpe Ratio,
 * Journal of Portfolio Management 21(1), 1994. Not finite where the returns do not vary.
 */
export function sharpe({ moments, ddof, periodsPerYear: periods }: ReturnSpread, riskFreeRate: number): number {
  return ((moments.mean - riskFreeRate / periods) / deviation(moments, ddof)) * Math.sqrt(periods);
}

/** Sharpe ratio, geometric: ({@link annualReturn} - annual risk-free rate) / {@link compoundedVolatility}. */
export function geometricSharpe(series: ReturnSpread, riskFreeRate: number): number {
  return (annualReturn(series) - riskFreeRate) / compoundedVolatility(series);
}

/** √mean(min(r - m, 0)²) × √periods over all returns, m = annual minimum acceptable return / periods: a fraction a year. */
export function downsideDeviation({ returns, periodsPerYear: periods }: ReturnSeries, minAcceptableReturn: number): number {
  const target = minAcceptableReturn / periods;
  const squares = new CompensatedSum();
  for (let start = 0; start < returns.length; start += BLOCK) {
    const end = Math.min(returns.length, start + BLOCK);
    let block = 0;
    for (let i = start; i < end; i++) {
      const gain = returns[i]! - target;
      // Twice the shortfall, or 0: a branch would be guessed wrong half of the time.
      const shortfall = Math.abs(gain) - gain;
      block += shortfall * shortfall;
    }
    squares.add(block);
  }
  return Math.sqrt(squares.value / 4 / returns.length) * Math.sqrt(periods);
}

/**
 * Sortino ratio, arithmetic: mean(r - m) × periods / {@link downsideDeviation}, m = annual minimum acceptable return / periods.
 * F. A. Sortino and L. N. Price, Performance Measurement in a Downside Risk Framework, Journal of Investing 3(3), 1994.
 */
export function sortino(series: ReturnSeries, minAcceptableReturn: number): number {
  const { moments, periodsPerYear: periods } = series;
  return (moments.mean * periods - minAcceptableReturn) / downsideDeviation(series, minAcceptableReturn);
}

/** Sortino ratio, geometric: ({@link annualReturn} - annual minimum acceptable return) / {@link downsideDeviation}. */
export function geometricSortino(series: ReturnSeries, minAcceptableReturn: number): number {
  return (annualReturn(series) - minAcceptableReturn) / downsideDeviation(series, minAcceptableReturn);
}

/**
 * Omega ratio: Σ max(r - m, 0) / Σ max(m - r, 0), m = annual minimum acceptable return / periods. A pure number of daily returns, not annualised.
 * C. Keating and W. F. Shadwick, A Universal Performance Measure, Journal of Performance Measurement 6(3), 2002.
 */
export function omega({ returns, periodsPerYear: periods }: ReturnSeries, minAcceptableReturn: number): number {
  const target = minAcceptableReturn / periods;
  const gains = new CompensatedSum();
  const losses = new CompensatedSum();
  for (let start = 0; start < returns.length; start += BLOCK) {
    const end = Math.min(returns.length, start + BLOCK);
    let [above, below] = [0, 0];
    for (let i = start; i < end; i++) {
      const gain = returns[i]! - target;
      // Twice the gain, or 0, and twice the loss: the factor cancels.
      above += Math.abs(gain) + gain;
      below += Math.abs(gain) - gain;
    }
    gains.add(above);
    losses.add(below);
  }
  return gains.value / losses.value;
}

/** CAGR over the absolute maximum drawdown, both as fractions. T. W. Young, Calmar Ratio: A Smoother Tool, Futures 20(1), 1991. */
export function calmar(growthRate: number, maxDrawdown: number): number {
  return growthRate / -maxDrawdown;
}
