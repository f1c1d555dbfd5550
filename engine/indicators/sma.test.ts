import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { readReference } from '../../test/fixtures/oracles.ts';
import { indicatorColumn } from './compute.ts';
import { sma as definition } from './sma.ts';

const sma = (values: Float64Array, window: number) => indicatorColumn(definition, [values], [window]);

/** The mean of a window by exact integer arithmetic: every double is a whole number of 2^-1074, prices of 2^-60. */
function exactMean(values: readonly number[]): number {
  const scale = 2 ** 60;
  const total = values.reduce((sum, value) => sum + BigInt(value * scale), 0n);
  return Number(total) / scale / values.length;
}

/** A walk with the full 53 bits in every price. */
const prices = fc
  .array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 1, maxLength: 300 })
  .map((steps) => steps.reduce<number[]>((path, step) => [...path, (path.at(-1) ?? 100) * (1 + step)], []))
  .map((path) => Float64Array.from(path, (price) => Math.fround(price) + Math.fround(price / 3) * 2 ** -24));

describe('the simple moving average', () => {
  it('is the mean of the last values, and NaN before there are enough', () => {
    expect([...sma(Float64Array.of(1, 2, 6, 4, 5), 3)]).toEqual([NaN, NaN, 3, 4, 5]);
    expect([...sma(Float64Array.of(1, 2, 6), 1)]).toEqual([1, 2, 6]);
  });

  it('is NaN throughout where there are too few values', () => {
    expect([...sma(Float64Array.of(1, 2), 3)]).toEqual([NaN, NaN]);
    expect([...sma(new Float64Array(0), 3)]).toEqual([]);
  });

  it('is NaN while a NaN lies in the window, and goes on after it as if it started there', () => {
    expect([...sma(Float64Array.of(NaN, 1, 3, NaN, 5, 7, 9), 2)]).toEqual([NaN, NaN, 2, NaN, NaN, 6, 8]);
  });

  it('is the exact mean, rounded, of any window', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 1, max: 40 }), (values, window) => {
        const means = sma(values, window);
        for (let i = window - 1; i < values.length; i++) {
          expect(means[i]).toBe(exactMean([...values.subarray(i - window + 1, i + 1)]));
        }
      }),
    );
  });

  it('does not depend on where the column starts or ends', () => {
    const { close } = readReference('01_aapl_sma5_20_long').bars;
    const whole = sma(close, 20);
    for (const start of [1, 7, 1000, 3249]) expect(sma(close.slice(start), 20).slice(19)).toEqual(whole.slice(start + 19));
    for (const end of [20, 21, 1000]) expect(sma(close.slice(0, end), 20)).toEqual(whole.slice(0, end));
  });

  it('stays accurate over a million values after a spike that would drown them', () => {
    const values = new Float64Array(1_000_000).fill(0.1);
    values[10] = 1e9;
    expect(sma(values, 5).at(-1)).toBe(0.1);
  });
});
