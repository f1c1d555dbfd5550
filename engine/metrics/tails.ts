import { CompensatedSum } from '../compensated-sum.ts';
import { normalDensity, normalQuantile } from './normal.ts';
import { takeQuantile } from './quantiles.ts';
import { deviation } from './moments.ts';
import type { ReturnSeries } from './returns.ts';

/** Share of the days in the tail. */
const LEVEL = 0.05;

export interface Tails {
  /** Daily return that one day in twenty falls below: a fraction, negative is a loss. */
  valueAtRisk95: number;
  /** Mean return of those days: a fraction a day. */
  conditionalValueAtRisk95: number;
  /** |95th percentile| / |5th percentile| of the daily returns. */
  tailRatio: number;
}

export type TailMethod = 'historical' | 'historical-lower' | 'normal';

/**
 * The tails of the daily returns; nothing is annualised, NaN without returns. P. Jorion, Value at Risk, 3rd ed., 2006; for the mean beyond it
 * R. T. Rockafellar and S. Uryasev, Optimization of Conditional Value-at-Risk, Journal of Risk 2(3), 2000. By `method`:
 * - historical: the 5th percentile with linear interpolation; the mean of the returns not above it;
 * - historical-lower: the sorted return at ⌊0.05 (n - 1)⌋; the mean of it and all below;
 * - normal: mean + z × std with z = Φ⁻¹(0.05); mean - std × φ(z) / 0.05.
 */
export function tails(series: ReturnSeries, method: TailMethod): Tails {
  const { returns, moments, ddof } = series;
  if (!Number.isFinite(moments.squares)) return { valueAtRisk95: NaN, conditionalValueAtRisk95: NaN, tailRatio: NaN };
  const ordered = returns.slice();
  const low = takeQuantile(ordered, LEVEL);
  const lowest = ordered.slice(0, low.index + 1);
  const tailRatio = Math.abs(takeQuantile(ordered, 1 - LEVEL).value) / Math.abs(low.value);
  switch (method) {
    case 'historical':
      return { valueAtRisk95: low.value, conditionalValueAtRisk95: meanUpTo(low.value, returns), tailRatio };
    case 'historical-lower':
      return { valueAtRisk95: low.lower, conditionalValueAtRisk95: meanUpTo(Infinity, lowest), tailRatio };
    case 'normal': {
      const spread = deviation(moments, ddof);
      const z = normalQuantile(LEVEL);
      return {
        valueAtRisk95: moments.mean + spread * z,
        conditionalValueAtRisk95: moments.mean - (spread * normalDensity(z)) / LEVEL,
        tailRatio,
      };
    }
  }
}

/** Mean of the values that are not above the limit. */
function meanUpTo(limit: number, values: Float64Array): number {
  const sum = new CompensatedSum();
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > limit) continue;
    sum.add(values[i]!);
    count++;
  }
  return sum.value / count;
}
