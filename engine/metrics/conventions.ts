import type { MetricSpec } from '../../shared/spec.ts';
import type { Calendar } from './daily-equity.ts';
import * as ratios from './returns.ts';

/** How many daily returns make a year, by the spec or by the calendar of the data. */
export function periodsOf({ periodsPerYear }: MetricSpec, calendar: Calendar): number {
  return periodsPerYear === 'auto' ? ratios.periodsPerYear(calendar) : periodsPerYear;
}

/** Sharpe ratio by the convention of the spec. */
export function sharpeOf(series: ratios.ReturnSpread, { sharpe, riskFreeRate }: MetricSpec): number {
  return sharpe === 'arithmetic' ? ratios.sharpe(series, riskFreeRate) : ratios.geometricSharpe(series, riskFreeRate);
}

/** Sortino ratio by the convention of the spec, which is that of the Sharpe ratio. */
export function sortinoOf(series: ratios.ReturnSeries, { sharpe, minAcceptableReturn }: MetricSpec): number {
  return sharpe === 'arithmetic' ? ratios.sortino(series, minAcceptableReturn) : ratios.geometricSortino(series, minAcceptableReturn);
}
