import { sumOf } from '../compensated-sum.ts';
import { DAY_MS } from './daily-equity.ts';

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
export function periodsPerYear(calendar: { tradesOnWeekends: boolean; daysBetween: number }): number {
  if (calendar.daysBetween > 4) return DAYS_PER_YEAR / calendar.daysBetween;
  return calendar.tradesOnWeekends ? 365 : 252;
}

/** Last equity over starting cash, minus one: a fraction, fees and open positions included. */
export function totalReturn(cash: number, lastEquity: number): number {
  return lastEquity / cash - 1;
}

/**
 * Compound annual growth rate: (1 + total return)^(1 / years) - 1, years of 365.25 calendar days from the first to the last bar. A fraction a year;
 * NaN where nothing is left to compound (equity below 0) or no time has passed.
 */
export function cagr(total: number, years: number): number {
  // By exp and log: powers differ between versions of the platform. log(0) = -Infinity gives the right -1.
  return years > 0 ? Math.exp(Math.log(1 + total) / years) - 1 : NaN;
}

export interface Returns {
  /** Of one day each, as fractions. */
  returns: Float64Array;
  periodsPerYear: number;
}

/** Standard deviation of the daily returns (n - 1 in the denominator) × √periods: a fraction a year. */
export function volatility({ returns, periodsPerYear: periods }: Returns): number {
  return standardDeviation(returns) * Math.sqrt(periods);
}

/**
 * Sharpe ratio, arithmetic: mean(r - f) / std(r, n - 1) × √periods, f = annual risk-free rate / periods. W. F. Sharpe, The Sharpe Ratio,
 * Journal of Portfolio Management 21(1), 1994. NaN where the returns do not vary.
 */
export function sharpe({ returns, periodsPerYear: periods }: Returns, riskFreeRate: number): number {
  return ((mean(returns) - riskFreeRate / periods) / standardDeviation(returns)) * Math.sqrt(periods);
}

/**
 * Sortino ratio: mean(r - m) / √mean(min(r - m, 0)²) × √periods over all returns, m = annual minimum acceptable return / periods.
 * F. A. Sortino and L. N. Price, Performance Measurement in a Downside Risk Framework, Journal of Investing 3(3), 1994.
 */
export function sortino({ returns, periodsPerYear: periods }: Returns, minAcceptableReturn: number): number {
  const target = minAcceptableReturn / periods;
  const shortfall = sumOf(returns, (r) => (r < target ? (r - target) * (r - target) : 0)) / returns.length;
  return ((mean(returns) - target) / Math.sqrt(shortfall)) * Math.sqrt(periods);
}

/** CAGR over the absolute maximum drawdown, both as fractions. T. W. Young, Calmar Ratio: A Smoother Tool, Futures 20(1), 1991. */
export function calmar(annualReturn: number, maxDrawdown: number): number {
  return annualReturn / -maxDrawdown;
}

function mean(values: Float64Array): number {
  return sumOf(values, (value) => value) / values.length;
}

/** Two passes: squares of deviations, so that no digits cancel. Equal values give exactly 0, however their mean was rounded. */
function standardDeviation(values: Float64Array): number {
  if (values.every((value) => value === values[0])) return values.length > 1 ? 0 : NaN;
  const center = mean(values);
  return Math.sqrt(sumOf(values, (value) => (value - center) * (value - center)) / (values.length - 1));
}
