import { describe, expect, it } from 'vitest';
import { createDailyEquity, returnsOf } from './daily-equity.ts';

const HOUR = 3_600_000;
const FRIDAY = Date.UTC(2024, 0, 5);

function daily(points: [ts: number, equity: number, benchmark?: number][]) {
  const days = createDailyEquity();
  const column = (index: 0 | 1 | 2) => Float64Array.from(points, (point) => point[index] ?? NaN);
  days.add(column(0), column(1), column(2));
  const { calendar, ...columns } = days.finish();
  return { ...columns, ...calendar, returns: returnsOf(columns.equity) };
}

describe('daily equity', () => {
  it('takes the last value of each day, and returns from the second day on', () => {
    const { returns } = daily([
      [FRIDAY, 1],
      [FRIDAY + 23 * HOUR, 100],
      [FRIDAY + 24 * HOUR, 7],
      [FRIDAY + 25 * HOUR, 110],
      [FRIDAY + 96 * HOUR, 55],
    ]);
    expect([...returns]).toEqual([110 / 100 - 1, -0.5]);
  });

  it('takes the last value of the benchmark beside it, and none where it is not known', () => {
    const { day, benchmark } = daily([
      [FRIDAY, 1],
      [FRIDAY + 24 * HOUR, 1, 50],
      [FRIDAY + 25 * HOUR, 1, 60],
    ]);
    expect([...day]).toEqual([FRIDAY / (24 * HOUR), FRIDAY / (24 * HOUR) + 1]);
    expect([...benchmark!]).toEqual([NaN, 60]);
    const alone = createDailyEquity();
    alone.add(Float64Array.of(FRIDAY), Float64Array.of(1));
    expect(alone.finish().benchmark).toBeNull();
  });

  it('knows weekends and the distance between days', () => {
    const hours = (...list: number[]) => daily(list.map((hour) => [FRIDAY + hour * HOUR, 1]));
    expect(hours(0, 72)).toMatchObject({ tradesOnWeekends: false, daysBetween: 3 });
    expect(hours(0, 24).tradesOnWeekends).toBe(true);
    expect(hours(-120, 48).tradesOnWeekends).toBe(true);
  });

  it('knows weekends before 1970', () => {
    const saturday = Date.UTC(1969, 11, 27);
    expect(daily([[saturday, 1]]).tradesOnWeekends).toBe(true);
    expect(daily([[saturday - 24 * HOUR, 1]]).tradesOnWeekends).toBe(false);
    expect(daily([[saturday + 24 * HOUR, 1]]).tradesOnWeekends).toBe(true);
    expect(daily([[saturday + 48 * HOUR, 1]]).tradesOnWeekends).toBe(false);
  });

  it('ends days by the clock of the data, also where it changes', () => {
    // New York: UTC-5, from Sunday 10 March 2024 07:00Z on UTC-4.
    const zone = { from: Float64Array.of(0, Date.UTC(2024, 2, 10, 7)), offset: Float64Array.of(-5 * HOUR, -4 * HOUR) };
    const days = createDailyEquity(zone);
    // Saturday 23:00, Sunday 00:00 and 23:00, Monday 00:00, by that clock.
    const ts = Float64Array.of(Date.UTC(2024, 2, 10, 4), Date.UTC(2024, 2, 10, 5), Date.UTC(2024, 2, 11, 3), Date.UTC(2024, 2, 11, 4));
    days.add(ts.slice(0, 2), Float64Array.of(1, 2));
    days.add(ts.slice(2), Float64Array.of(3, 4));
    const { day, equity } = days.finish();
    expect([...day]).toEqual([9, 10, 11].map((date) => Date.UTC(2024, 2, date) / (24 * HOUR)));
    expect([...equity]).toEqual([1, 3, 4]);
  });

  it('has a day once where its midnight is left out', () => {
    // Sao Paulo: UTC-3, from 4 November 2018 03:00Z on UTC-2: 23:59 is followed by 01:00.
    const change = Date.UTC(2018, 10, 4, 3);
    const days = createDailyEquity({ from: Float64Array.of(0, change), offset: Float64Array.of(-3 * HOUR, -2 * HOUR) });
    days.add(Float64Array.of(change - 25 * HOUR, change - HOUR, change - 1, change), Float64Array.of(1, 2, 3, 4));
    expect([...days.finish().equity]).toEqual([1, 3, 4]);
  });

  it('holds any number of days', () => {
    const { returns } = daily(Array.from({ length: 3000 }, (_, i) => [FRIDAY + i * 24 * HOUR, 100 + i]));
    expect(returns).toHaveLength(2999);
    expect(returns.at(-1)).toBe(3099 / 3098 - 1);
  });
});
