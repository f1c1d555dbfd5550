import { createColumnLog, reserve, takeRows } from '../columns.ts';

/** Milliseconds of a UTC day. */
export const DAY_MS = 86_400_000;

export interface Calendar {
  tradesOnWeekends: boolean;
  /** Mean distance of days that have bars, in calendar days; NaN below two. */
  daysBetween: number;
}

/** One value for each UTC day that has a bar. */
export interface DailySeries {
  /** Days since 1970-01-01. */
  day: Float64Array;
  /** Last equity of the day. */
  equity: Float64Array;
  /** Last value of the benchmark; NaN where it is not known. */
  benchmark: Float64Array;
  calendar: Calendar;
}

/** The last equity of each UTC day that has a bar, however long the blocks in which the curve comes. */
export interface DailyEquity {
  add(ts: Float64Array, equity: Float64Array, benchmark?: Float64Array): void;
  /** To be called once, when all was added. */
  finish(): DailySeries;
}

/** Ratios are taken over days, so that they mean the same on minutes and on days. On daily bars a day is a bar. */
export function createDailyEquity(): DailyEquity {
  const log = createColumnLog(['day', 'equity', 'benchmark']);
  // Fields, because captured variables would be allocated anew at every change.
  const now = { dayEnd: -Infinity, weekend: false };

  function startDay(time: number): void {
    const day = Math.floor(time / DAY_MS);
    now.dayEnd = (day + 1) * DAY_MS;
    if (!now.weekend) now.weekend = isWeekend(day);
    if (log.length === log.capacity) reserve(log, Math.max(1024, log.length));
    log.columns.day[log.length++] = day;
  }

  return {
    add(ts, equity, benchmark) {
      let i = 0;
      while (i < ts.length) {
        if (ts[i]! >= now.dayEnd) startDay(ts[i]!);
        i = firstAtOrAfter(now.dayEnd, ts, i + 1);
        log.columns.equity[log.length - 1] = equity[i - 1]!;
        log.columns.benchmark[log.length - 1] = benchmark === undefined ? NaN : benchmark[i - 1]!;
      }
    },
    finish() {
      const columns = takeRows(log);
      const { day } = columns;
      const daysBetween = ((day.at(-1) ?? NaN) - day[0]!) / (day.length - 1);
      return { ...columns, calendar: { tradesOnWeekends: now.weekend, daysBetween } };
    },
  };
}

/** Each value over the one before, minus one: fractions, one fewer than values. */
export function returnsOf(values: Float64Array): Float64Array {
  const returns = new Float64Array(Math.max(0, values.length - 1));
  for (let i = 0; i < returns.length; i++) returns[i] = values[i + 1]! / values[i]! - 1;
  return returns;
}

/** The first position from `start` on whose time is not before `end`. */
function firstAtOrAfter(end: number, ts: Float64Array, start: number): number {
  let i = start;
  while (i < ts.length && ts[i]! < end) i++;
  return i;
}

/** `day` counts from 1970-01-01, a Thursday, and is negative before. */
function isWeekend(day: number): boolean {
  const sinceSunday = ((day % 7) + 11) % 7;
  return sinceSunday === 0 || sinceSunday === 6;
}
