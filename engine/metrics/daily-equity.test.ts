import { describe, expect, it } from 'vitest';
import { createDailyEquity } from './daily-equity.ts';

const HOUR = 3_600_000;
const FRIDAY = Date.UTC(2024, 0, 5);

function daily(points: [ts: number, equity: number][]) {
  const days = createDailyEquity();
  days.add(
    Float64Array.from(points, ([ts]) => ts),
    Float64Array.from(points, ([, equity]) => equity),
  );
  return days.finish();
}

describe('daily equity', () => {
  it('takes the last value of each UTC day, and returns from the second day on', () => {
    const { returns } = daily([
      [FRIDAY, 1],
      [FRIDAY + 23 * HOUR, 100],
      [FRIDAY + 24 * HOUR, 7],
      [FRIDAY + 25 * HOUR, 110],
      [FRIDAY + 96 * HOUR, 55],
    ]);
    expect([...returns]).toEqual([110 / 100 - 1, -0.5]);
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

  it('holds any number of days', () => {
    const { returns } = daily(Array.from({ length: 3000 }, (_, i) => [FRIDAY + i * 24 * HOUR, 100 + i]));
    expect(returns).toHaveLength(2999);
    expect(returns.at(-1)).toBe(3099 / 3098 - 1);
  });
});
