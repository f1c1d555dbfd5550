import { nextUniform, seededState, type RandomState } from '../seeded-random.ts';
import { takeQuantile } from './quantiles.ts';

export interface BootstrapOptions {
  /** An integer from 0 to 2^32 - 1; the same seed gives the same interval. */
  seed: number;
  /** Samples drawn; 1,000 by default. */
  samples?: number;
  /** Mean number of returns that are drawn in a row, ≥ 1; the cube root of their number by default. 1 takes them as independent. */
  meanBlock?: number;
  /** Share of the samples inside the interval; 0.95 by default. */
  confidence?: number;
}

export interface Interval {
  low: number;
  high: number;
}

/**
 * Percentile interval of a figure of daily returns by the stationary bootstrap: samples as long as the series are put together from runs of random start and geometric
 * length, around the end to the beginning, so that what hangs together in time stays together. Samples for which the figure is undefined are left out; NaN
 * when none is left. D. N. Politis and J. P. Romano, The Stationary Bootstrap, Journal of the American Statistical Association 89, 1994.
 */
export function bootstrapInterval(
  returns: Float64Array,
  figure: (sample: Float64Array) => number,
  { seed, samples = 1000, meanBlock = Math.exp(Math.log(returns.length) / 3), confidence = 0.95 }: BootstrapOptions,
): Interval {
  const random = seededState(seed);
  const sample = new Float64Array(returns.length);
  const figures = new Float64Array(samples);
  let count = 0;
  for (let i = 0; i < samples; i++) {
    drawSample(sample, returns, { random, restart: 1 / meanBlock });
    const value = figure(sample);
    if (Number.isFinite(value)) figures[count++] = value;
  }
  const defined = figures.subarray(0, count);
  const outside = (1 - confidence) / 2;
  return { low: takeQuantile(defined, outside).value, high: takeQuantile(defined, 1 - outside).value };
}

/** `restart` is the probability that a run ends after each return. */
function drawSample(sample: Float64Array, returns: Float64Array, { random, restart }: { random: RandomState; restart: number }): void {
  const count = returns.length;
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (i === 0 || nextUniform(random) < restart) at = Math.floor(nextUniform(random) * count);
    else at = at + 1 === count ? 0 : at + 1;
    sample[i] = returns[at]!;
  }
}
