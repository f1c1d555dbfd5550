import { describe, expect, it } from 'vitest';
import { commonGrowth, correlation, equalWeight, figuresOfGrowth, returnsOf } from './compare-curves.ts';

const DAY = 86_400_000;
const curve = (days: readonly number[], equity: readonly number[]) => ({
  times: Float64Array.from(days, (day) => day * DAY + 3_600_000),
  equity: Float64Array.from(equity),
});

describe('curves that are compared', () => {
  it('begin at one on the first day that they have in common, and keep their last value on days without one', () => {
    const common = commonGrowth([curve([1, 2, 3, 5], [50, 100, 110, 120]), curve([2, 3, 4, 5], [10, 10, 20, 30])]);
    expect([...common!.days].map((time) => time / DAY)).toEqual([2, 3, 4, 5]);
    expect([...common!.growth[0]!]).toEqual([1, 1.1, 1.1, 1.2]);
    expect([...common!.growth[1]!]).toEqual([1, 1, 2, 3]);
  });

  it('of bars within a day count with the last one', () => {
    const intraday = { times: Float64Array.from([0, 1, 2, DAY, DAY + 1]), equity: Float64Array.from([7, 8, 10, 11, 12]) };
    expect([...commonGrowth([intraday])!.growth[0]!]).toEqual([1, 1.2]);
  });

  it('are not compared without two days in common', () => {
    expect(commonGrowth([curve([1, 2], [1, 1]), curve([2, 3], [1, 1])])).toBeNull();
    expect(commonGrowth([curve([1, 2], [1, 1]), curve([], [])])).toBeNull();
  });

  it('are one and minus one alike where they move together and against each other', () => {
    const up = Float64Array.from([0.1, -0.2, 0.3]);
    expect(
      correlation(
        up,
        up.map((value) => 2 * value),
      ),
    ).toBeCloseTo(1, 12);
    expect(
      correlation(
        up,
        up.map((value) => -value),
      ),
    ).toBeCloseTo(-1, 12);
    expect(correlation(up, new Float64Array(3))).toBeNaN();
  });

  it('make the mean of their growth in equal parts', () => {
    expect([...equalWeight([Float64Array.from([1, 2, 4]), Float64Array.from([1, 0, 2])])]).toEqual([1, 1, 3]);
  });

  it('have figures by the definitions of a run', () => {
    const days = Float64Array.from([0, 1, 2, 3], (day) => day * DAY);
    const growth = Float64Array.from([1, 1.1, 0.99, 1.188]);
    expect([...returnsOf(growth)].map((value) => Number(value.toFixed(9)))).toEqual([0.1, -0.1, 0.2]);
    const { totalReturn, maxDrawdown, volatility, sharpe } = figuresOfGrowth(days, growth);
    expect(totalReturn).toBeCloseTo(0.188, 12);
    expect(maxDrawdown).toBeCloseTo(-0.1, 12);
    // Deviation of 0.1, -0.1 and 0.2 around 0.0667; 365.25 returns a year.
    expect(volatility).toBeCloseTo(0.152752523 * Math.sqrt(365.25), 6);
    expect(sharpe).toBeCloseTo((0.0666666667 / 0.152752523) * Math.sqrt(365.25), 6);
  });
});
