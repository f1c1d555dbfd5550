import { BLOCK, CompensatedSum } from '../compensated-sum.ts';
import { ReturnSums } from './return-sums.ts';

/** Sums of powers of the deviations from the mean. */
export interface Moments {
  count: number;
  /** NaN without values. */
  mean: number;
  /** Σ(x - mean)², Σ(x - mean)³, Σ(x - mean)⁴. */
  squares: number;
  cubes: number;
  fourths: number;
}

/**
 * Two passes, the mean first: deviations rather than raw powers, so that no digits cancel. Equal values give exactly 0, however their mean
 * was rounded.
 */
export function momentsOf(values: Float64Array): Moments {
  const count = values.length;
  if (count > 0 && values.every((value) => value === values[0])) return { count, mean: values[0]!, squares: 0, cubes: 0, fourths: 0 };
  return { count, ...powersAbout(values, sumOf(values) / count) };
}

function powersAbout(values: Float64Array, mean: number): Omit<Moments, 'count'> {
  const count = values.length;
  const squares = new CompensatedSum();
  const cubes = new CompensatedSum();
  const fourths = new CompensatedSum();
  for (let start = 0; start < count; start += BLOCK) {
    let [second, third, fourth] = [0, 0, 0];
    const end = Math.min(count, start + BLOCK);
    for (let i = start; i < end; i++) {
      const deviation = values[i]! - mean;
      const square = deviation * deviation;
      second += square;
      third += square * deviation;
      fourth += square * square;
    }
    squares.add(second);
    cubes.add(third);
    fourths.add(fourth);
  }
  return { mean, squares: squares.value, cubes: cubes.value, fourths: fourths.value };
}

/**
 * {@link Moments} of returns, mean and squares as {@link ReturnSums} give them: returns that vary by their rounding alone do not vary, or a steady gain would have a
 * ratio of 1e13.
 */
export function momentsOfReturns(returns: Float64Array): Moments {
  const sums = new ReturnSums();
  sums.addAll(returns);
  const spread = sums.spread();
  if (spread.squares === 0) return { ...spread, cubes: 0, fourths: 0 };
  const { cubes, fourths } = powersAbout(returns, spread.mean);
  return { ...spread, cubes, fourths };
}

/** Standard deviation with count - ddof in the denominator; NaN where that is not above 0. */
export function deviation({ count, squares }: Pick<Moments, 'count' | 'squares'>, ddof: number): number {
  return count > ddof ? Math.sqrt(squares / (count - ddof)) : NaN;
}

/**
 * Skewness g₁ = m₃ / m₂^1.5 with central moments m over n: 0 for symmetric returns, negative where large losses are likelier than large gains.
 * A pure number, of daily returns. NaN where they do not vary.
 */
export function skewness({ count, squares, cubes }: Moments): number {
  const variance = squares / count;
  return cubes / count / (variance * Math.sqrt(variance));
}

/** Excess kurtosis g₂ = m₄ / m₂² - 3 with central moments m over n: 0 for a normal distribution, positive for fat tails. NaN where nothing varies. */
export function excessKurtosis({ count, squares, fourths }: Moments): number {
  const variance = squares / count;
  return fourths / count / (variance * variance) - 3;
}

/** Σ(a - mean a)(b - mean b) of two columns of equal length. */
export function productsOfDeviations(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [sumOf(a) / a.length, sumOf(b) / b.length];
  const sum = new CompensatedSum();
  for (let i = 0; i < a.length; i++) sum.add((a[i]! - meanA) * (b[i]! - meanB));
  return sum.value;
}

function sumOf(values: Float64Array): number {
  const sum = new CompensatedSum();
  for (let start = 0; start < values.length; start += BLOCK) {
    const end = Math.min(values.length, start + BLOCK);
    let block = 0;
    for (let i = start; i < end; i++) block += values[i]!;
    sum.add(block);
  }
  return sum.value;
}
