import { describe, expect, it } from 'vitest';
import { indicatorColumn } from './compute.ts';
import { rsi as definition } from './rsi.ts';

const rsi = (values: Float64Array, bars: number) => indicatorColumn(definition, [values], [bars]);

describe("Wilder's relative strength index", () => {
  it('starts from plain means and goes on with smoothed ones', () => {
    // Changes +2 -1 | +4 -2 with period 2: gains 1, then (1 + 4)/2 = 2.5, then 1.25; losses 0.5, then 0.25, then (0.25 + 2)/2 = 1.125.
    const index = rsi(Float64Array.of(10, 12, 11, 15, 13), 2);
    expect([...index.subarray(0, 2)]).toEqual([NaN, NaN]);
    expect(index[2]).toBeCloseTo(100 - 100 / 3, 12);
    expect(index[3]).toBeCloseTo(100 - 100 / 11, 12);
    expect(index[4]).toBeCloseTo(100 - 100 / (1 + 1.25 / 1.125), 12);
  });

  it('takes the mean of as many changes as the period has', () => {
    // Changes +3 -1 +1 with period 3: gains 4/3, losses 1/3.
    const index = rsi(Float64Array.of(10, 13, 12, 13), 3);
    expect([...index.subarray(0, 3)]).toEqual([NaN, NaN, NaN]);
    expect(index[3]).toBeCloseTo(80, 12);
  });

  it('is 100 without a loss, 0 without a gain, and NaN as long as nothing has moved', () => {
    expect(rsi(Float64Array.of(1, 2, 3, 4), 2)[3]).toBe(100);
    expect(rsi(Float64Array.of(4, 3, 2, 1), 2)[3]).toBe(0);
    expect([...rsi(Float64Array.of(1, 1, 1, 1), 2)]).toEqual([NaN, NaN, NaN, NaN]);
  });

  it('starts anew after a NaN', () => {
    const tail = [10, 12, 11, 15];
    const index = rsi(Float64Array.of(1, 2, 3, NaN, ...tail), 2);
    expect([...index.subarray(4)]).toEqual([...rsi(Float64Array.from(tail), 2)]);
    expect(index[3]).toBeNaN();
  });

  it('gives the same values when bars are appended', () => {
    const values = Float64Array.from({ length: 200 }, (_, i) => 100 + ((i * 37) % 11) - ((i * 13) % 7));
    expect(rsi(values.slice(0, 90), 14)).toEqual(rsi(values, 14).slice(0, 90));
  });
});
