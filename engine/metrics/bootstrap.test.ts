import { describe, expect, it } from 'vitest';
import { nextUniform, seededState } from '../seeded-random.ts';
import { bootstrapInterval } from './bootstrap.ts';

const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Uniform on [-0.5, 0.5): standard deviation √(1/12). */
function noise(count: number, seed = 1): Float64Array {
  const random = seededState(seed);
  return Float64Array.from({ length: count }, () => nextUniform(random) - 0.5);
}

describe('a bootstrap interval', () => {
  it('of a mean of independent returns is as wide as the normal one', () => {
    const returns = noise(2000);
    const { low, high } = bootstrapInterval(returns, mean, { seed: 3, meanBlock: 1, samples: 4000 });
    const half = 1.96 * Math.sqrt(1 / 12 / 2000);
    expect((high - low) / 2 / half).toBeCloseTo(1, 1);
    expect((high + low) / 2).toBeCloseTo(mean(returns), 3);
  });

  it('keeps together what hangs together', () => {
    // Of returns that alternate, long runs have a mean near 0, independent draws have not.
    const returns = Float64Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 0.01 : -0.01));
    const widthOf = (meanBlock: number) => {
      const { low, high } = bootstrapInterval(returns, mean, { seed: 3, meanBlock, samples: 500 });
      return high - low;
    };
    expect(widthOf(50)).toBeLessThan(widthOf(1) / 3);
  });

  it('depends on nothing but its seed', () => {
    const returns = noise(100);
    const interval = (seed: number) => bootstrapInterval(returns, mean, { seed });
    expect(interval(5)).toEqual(interval(5));
    expect(interval(6)).not.toEqual(interval(5));
  });

  it('is wider with more confidence, and undefined where the figure is', () => {
    const returns = noise(100);
    const [half, most] = [0.5, 0.99].map((confidence) => bootstrapInterval(returns, mean, { seed: 5, confidence }));
    expect(most!.low).toBeLessThan(half!.low);
    expect(most!.high).toBeGreaterThan(half!.high);
    expect(bootstrapInterval(returns, () => NaN, { seed: 5 })).toEqual({ low: NaN, high: NaN });
    expect(bootstrapInterval(new Float64Array(0), mean, { seed: 5 })).toEqual({ low: NaN, high: NaN });
  });
});
