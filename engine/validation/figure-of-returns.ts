import type { MetricName } from '../../shared/metrics.ts';
import type { MetricSpec } from '../../shared/spec.ts';
import { sharpeOf, sortinoOf } from '../metrics/conventions.ts';
import { annualReturn, compoundedVolatility, omega, returnSeries, volatility, type ReturnSeries } from '../metrics/returns.ts';

export type Conventions = MetricSpec & { periodsPerYear: number };

/** The metrics that follow from daily returns in any order, so that returns may be drawn anew. */
const FIGURES: Partial<Record<MetricName, (series: ReturnSeries, conventions: Conventions) => number>> = {
  totalReturn: ({ growth }) => growth - 1,
  cagr: annualReturn,
  volatility: (series, conventions) => (conventions.volatility === 'arithmetic' ? volatility(series) : compoundedVolatility(series)),
  sharpe: sharpeOf,
  sortino: sortinoOf,
  omega: (series, { minAcceptableReturn }) => omega(series, minAcceptableReturn),
};

/** How a metric is computed from daily returns, as fractions; null for one that needs more than these. */
export function figureOfReturns(name: MetricName, conventions: Conventions): ((returns: Float64Array) => number) | null {
  const figure = FIGURES[name];
  if (figure === undefined) return null;
  return (returns) => figure(returnSeries(valuesOf(returns), conventions), conventions);
}

/** The values whose returns these are, beginning with 1. */
function valuesOf(returns: Float64Array): Float64Array {
  const values = new Float64Array(returns.length + 1);
  values[0] = 1;
  for (let i = 0; i < returns.length; i++) values[i + 1] = values[i]! * (1 + returns[i]!);
  return values;
}
