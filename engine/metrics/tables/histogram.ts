import type { Histogram } from '../../../shared/tables.ts';
import { takeQuantile } from '../quantiles.ts';

const MOST_BINS = 100;

/**
 * Counts the finite values in bins of equal width: 2 × interquartile range / ∛n as far as that gives at most 100 bins. D. Freedman and P. Diaconis, On the
 * Histogram as a Density Estimator, Zeitschrift für Wahrscheinlichkeitstheorie 57, 1981.
 */
export function histogramOf(values: Float64Array): Histogram {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return { edges: [], counts: [] };
  const low = takeQuantile(finite, 0).value;
  const range = takeQuantile(finite, 1).value - low;
  const bins = binsOf(finite, range);
  const counts = Array.from({ length: bins }, () => 0);
  for (let i = 0; i < finite.length; i++) {
    const bin = range === 0 ? 0 : Math.floor(((finite[i]! - low) / range) * bins);
    counts[Math.min(bins - 1, bin)]!++;
  }
  return { edges: Array.from({ length: bins + 1 }, (_, i) => low + (range * i) / bins), counts };
}

function binsOf(values: Float64Array, range: number): number {
  const spread = takeQuantile(values, 0.75).value - takeQuantile(values, 0.25).value;
  const width = 2 * spread * Math.exp(-Math.log(values.length) / 3);
  return Math.max(1, Math.min(MOST_BINS, Math.ceil(range / width) || 1));
}
