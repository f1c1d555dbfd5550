import { describe, expect, it } from 'vitest';
import { deviation, excessKurtosis, momentsOf, momentsOfReturns, productsOfDeviations, skewness } from './moments.ts';

describe('moments', () => {
  // Mean 1, deviations -1, -1, -1, 3.
  const moments = momentsOf(Float64Array.of(0, 0, 0, 4));

  it('are sums of powers of the deviations', () => {
    expect(moments).toEqual({ count: 4, mean: 1, squares: 12, cubes: 24, fourths: 84 });
  });

  it('give deviation, skewness and excess kurtosis', () => {
    expect(deviation(moments, 1)).toBe(2);
    expect(deviation(moments, 0)).toBe(Math.sqrt(3));
    // m₂ = 3, m₃ = 6, m₄ = 21.
    expect(skewness(moments)).toBeCloseTo(6 / (3 * Math.sqrt(3)), 14);
    expect(excessKurtosis(moments)).toBeCloseTo(21 / 9 - 3, 14);
  });

  it('lose no digits beside a large mean, over many blocks', () => {
    const values = Float64Array.from({ length: 100_000 }, (_, i) => 1e6 + (i % 2 === 0 ? 1 : -1));
    expect(momentsOf(values)).toEqual({ count: 100_000, mean: 1e6, squares: 100_000, cubes: 0, fourths: 100_000 });
  });

  it('are exactly 0 for equal values, and for returns that differ by their rounding alone', () => {
    expect(momentsOf(new Float64Array(1000).fill(0.1))).toMatchObject({ mean: 0.1, squares: 0 });
    const rounded = Float64Array.from({ length: 1000 }, (_, i) => 0.01 + (i % 2) * 2e-16);
    expect(momentsOf(rounded).squares).toBeGreaterThan(0);
    expect(momentsOfReturns(rounded)).toMatchObject({ squares: 0, cubes: 0, fourths: 0 });
  });

  it('are undefined without values', () => {
    const none = momentsOf(new Float64Array(0));
    expect([none.mean, deviation(none, 1), skewness(none)]).toEqual([NaN, NaN, NaN]);
    expect(deviation(momentsOf(Float64Array.of(5)), 1)).toBeNaN();
  });

  it('of two columns are products of their deviations', () => {
    // Deviations -1, 0, 1 and -3, 1, 2.
    expect(productsOfDeviations(Float64Array.of(1, 2, 3), Float64Array.of(0, 4, 5))).toBe(5);
  });
});
