import { describe, expect, it } from 'vitest';
import { normalCdf, normalDensity, normalQuantile } from './normal.ts';

describe('the normal distribution', () => {
  // Published values of Φ to 16 digits.
  it.each([
    [1, 0.8413447460685429],
    [1.96, 0.9750021048517795],
    [-1, 0.15865525393145705],
    [-2, 0.0227501319481792],
    [-3, 0.0013498980316300946],
    [-5, 2.866515718791939e-7],
    [-10, 7.61985302416e-24],
  ])('has its probability below %d to 1e-13', (x, probability) => {
    expect(Math.abs(normalCdf(x) / probability - 1)).toBeLessThan(1e-13);
  });

  it('is symmetric, whole, and without a step where the method changes', () => {
    for (const x of [0, 0.3, 1.999, 2.001, 7]) expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 15);
    expect([normalCdf(-Infinity), normalCdf(Infinity), normalCdf(NaN)]).toEqual([0, 1, NaN]);
    const [below, above] = [normalCdf(-2 - 1e-6), normalCdf(-2 + 1e-6)];
    expect((above - below) / 2e-6 / normalDensity(2)).toBeCloseTo(1, 6);
  });

  it('gives the quantile of each probability', () => {
    expect(normalQuantile(0.05)).toBeCloseTo(-1.6448536269514726, 14);
    expect(normalQuantile(0.975)).toBeCloseTo(1.9599639845400545, 14);
    expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 13);
    for (const p of [1e-300, 1e-30, 0.01, 0.4999, 0.7, 0.999999]) expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 12);
    expect([0, 0.5, 1, -0.1, 1.1, NaN].map(normalQuantile)).toEqual([-Infinity, 0, Infinity, NaN, NaN, NaN]);
  });
});
