import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { readReference } from '../../test/fixtures/oracles.ts';
import { correlation } from './correlation.ts';
import { indicatorColumn } from './compute.ts';
import type { IndicatorDefinition } from './indicator.ts';
import { linreg, slope } from './linreg.ts';
import { EMPTY_SUM, slidingProducts, slidingSums, type SumMemory, weightedSums } from './sliding-sums.ts';
import { sma } from './sma.ts';
import { stdev } from './stdev.ts';
import { wma } from './wma.ts';

/** Every double of these sizes is a whole number of 2^-80. */
const SCALE = 2 ** 80;
const exact = (value: number) => BigInt(value * SCALE);
const values = fc
  .array(fc.double({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 60, size: 'max' })
  .map((list) => Float64Array.from(list, (value) => Math.round(value * 2 ** 30) / 2 ** 30));
const bars = fc.integer({ min: 1, max: 12 });
const windowOf = (column: Float64Array, span: number) => ({ from: 0, to: column.length, bars: span, before: 0 });

describe('sums over a sliding window', () => {
  it('are exact where the digits fit into two numbers', () => {
    fc.assert(
      fc.property(values, bars, (column, span) => {
        const { sum, rest } = slidingSums(EMPTY_SUM, column, windowOf(column, span));
        column.forEach((_, i) => {
          const window = column.subarray(Math.max(0, i - span + 1), i + 1);
          expect(exact(sum[i]!) + exact(rest[i]!)).toBe(window.reduce<bigint>((total, value) => total + exact(value), 0n));
        });
      }),
    );
  });

  it('are exact with weights and of products, too', () => {
    fc.assert(
      fc.property(values, bars, (column, span) => {
        const window = windowOf(column, span);
        const plain = slidingSums(EMPTY_SUM, column, window);
        const weighted = weightedSums(EMPTY_SUM, column, window, { last: EMPTY_SUM, plain });
        const squares = slidingProducts(EMPTY_SUM, [column, column], window);
        column.forEach((_, i) => {
          const last = [...column.subarray(Math.max(0, i - span + 1), i + 1)];
          const ofWeights = last.reduce((total, value, k) => total + BigInt(k + 1) * exact(value), 0n);
          expect(exact(weighted.sum[i]!) + exact(weighted.rest[i]!)).toBe(ofWeights);
          const ofSquares = last.reduce((total, value) => total + exact(value) * exact(value), 0n);
          expect((exact(squares.sum[i]!) + exact(squares.rest[i]!)) * BigInt(SCALE)).toBe(ofSquares);
        });
      }),
    );
  });

  it('are the same in pieces, in what the rounding lost too, also after a spike', () => {
    const column = Float64Array.from({ length: 400 }, (_, i) => (i === 50 ? 1e12 : Math.sin(i)));
    const whole = windowOf(column, 20);
    const expected = weightedSums(EMPTY_SUM, column, whole, { last: EMPTY_SUM, plain: slidingSums(EMPTY_SUM, column, whole) });
    let [last, weighted]: SumMemory[] = [EMPTY_SUM, EMPTY_SUM];
    for (let i = 0; i < column.length; i++) {
      const bar = { from: i, to: i + 1, bars: 20, before: Math.min(20, i) };
      const plain = slidingSums(last!, column, bar);
      const sums = weightedSums(weighted!, column, bar, { last: last!, plain });
      expect([sums.sum[0], sums.rest[0]]).toEqual([expected.sum[i], expected.rest[i]]);
      [last, weighted] = [plain.memory, sums.memory];
    }
  });

  it('divided give to the bit the simple moving average', () => {
    const { close } = readReference('01_aapl_sma5_20_long').bars;
    const means = slidingSums(EMPTY_SUM, close, windowOf(close, 20)).sum.map((sum) => sum / 20);
    expect(indicatorColumn(sma, [close], [20]).slice(19)).toEqual(means.slice(19));
  });
});

describe('two million bars after a spike of a million times the price', () => {
  const length = 2_000_000;
  // Repeats after 1,000 bars, so that rounding errors would add up, and a short column has the same last window.
  const price = (i: number) => 100 + ((i * 37) % 1000) / 128 + 1e-7 * ((i * 11) % 1000);
  const long = Float64Array.from({ length }, (_, i) => price(i));
  const other = Float64Array.from({ length }, (_, i) => price(3 * i + 500));
  long[50] = 1e8;
  other[60] = -1e8;
  const lastOf = (definition: IndicatorDefinition, ...inputs: Float64Array[]) =>
    indicatorColumn(definition, inputs.slice(0, definition.series), [20]).at(-1)!;

  it.each([sma, wma, stdev, linreg, slope, correlation])('there is no trace in $name', (definition) => {
    const expected = lastOf(definition, long.slice(-1000), other.slice(-1000));
    expect(Math.abs(lastOf(definition, long, other) / expected - 1)).toBeLessThan(1e-13);
  });
});

describe('the standard deviation', () => {
  it('keeps its digits where the values are large beside their differences', () => {
    // Population 0, 1, 2, 3, 4 on top of 2^40: variance 2.
    const high = Float64Array.of(0, 1, 2, 3, 4).map((value) => value + 2 ** 40);
    expect(indicatorColumn(stdev, [high], [5])[4]).toBe(Math.sqrt(2));
  });

  it('is exactly 0 where all values are equal, whatever was there before; so is the slope', () => {
    const column = Float64Array.from([1e9, 0.3, 7, 0.1, 0.1, 0.1, 0.1, 0.1]);
    expect(indicatorColumn(stdev, [column], [5]).at(-1)).toBe(0);
    expect(indicatorColumn(slope, [column], [5]).at(-1)).toBe(0);
  });
});
