import type { ZoneOffsets } from '../../shared/zone-offsets.ts';
import { createColumnLog, reserve, takeRows } from '../columns.ts';
import { DAY_MS, localDay, momentOf, UTC } from '../timeframes/local-time.ts';

export interface Calendar {
  tradesOnWeekends: boolean;
  /** Mean distance of days that have bars, in calendar days; NaN below two. */
  daysBetween: number;
}

/** One value for each day that has a bar, of the data's zone. */
export interface DailySeries {
  /** Local days since 1970-01-01. */
  day: Float64Array;
  /** Last equity of the day. */
  equity: Float64Array;
  /** Last value of the benchmark, NaN where it is not known; null when none was given. */
  benchmark: Float64Array | null;
  calendar: Calendar;
}

/** The last equity of each local day that has a bar, however long the blocks in which the curve comes. */
export interface DailyEquity {
  /** The next points in time; the benchmark in every block or in none. */
  add(ts: Float64Array, equity: Float64Array, benchmark?: Float64Array): void;
  /** To be called once, when all was added. */
  finish(): DailySeries;
}

/** Ratios are taken over days, so that they mean the same on minutes and on days. On daily bars a day is a bar. `zone` is that of the data. */
export function createDailyEquity(zone: ZoneOffsets = UTC): DailyEquity {
  const log = createColumnLog(['day', 'equity']);
  const other = createColumnLog(['benchmark']);
  let dayEnd = -Infinity;
  let weekend = false;

  /** Starts the day of a time as row `row`. Returns the end of the day. */
  function startDay(time: number, row: number): number {
    const day = localDay(zone, time);
    weekend ||= isWeekend(day);
    log.columns.day[row] = day;
    return momentOf(zone, (day + 1) * DAY_MS);
  }

  return {
    add(ts, equity, benchmark) {
      if (ts.length === 0) return;
      const most = Math.min(ts.length, localDay(zone, ts.at(-1)!) - localDay(zone, ts[0]!) + 1);
      reserve(log, most);
      if (benchmark) reserve(other, most);
      // Copies, because captured variables would be allocated anew at every change.
      let rows = log.length;
      let end = dayEnd;
      for (let i = 0; i < ts.length;) {
        if (ts[i]! >= end) end = startDay(ts[i]!, rows++);
        i = firstAtOrAfter(end, ts, i + 1);
        log.columns.equity[rows - 1] = equity[i - 1]!;
        if (benchmark) other.columns.benchmark[rows - 1] = benchmark[i - 1]!;
      }
      dayEnd = end;
      log.length = rows;
      if (benchmark) other.length = rows;
    },
    finish() {
      const columns = takeRows(log);
      const benchmark = other.length > 0 ? takeRows(other).benchmark : null;
      const { day } = columns;
      const daysBetween = ((day.at(-1) ?? NaN) - day[0]!) / (day.length - 1);
      return { ...columns, benchmark, calendar: { tradesOnWeekends: weekend, daysBetween } };
    },
  };
}

/** Each value over the one before, minus one: fractions, one fewer than values. */
export function returnsOf(values: Float64Array): Float64Array {
  const returns = new Float64Array(Math.max(0, values.length - 1));
  for (let i = 0; i < returns.length; i++) returns[i] = values[i + 1]! / values[i]! - 1;
  return returns;
}

/** The first position from `start` on whose time is not before `end`: in steps that double, and then by halves, since a day may have one bar or thousands. */
export function firstAtOrAfter(end: number, ts: Float64Array, start: number): number {
  let low = start;
  let step = 1;
  while (low + step <= ts.length && ts[low + step - 1]! < end) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step - 1, ts.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ts[middle]! < end) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `day` counts from 1970-01-01, a Thursday, and is negative before. */
function isWeekend(day: number): boolean {
  // As a 32-bit integer: a remainder of doubles takes ten times as long.
  const sinceSunday = (((day | 0) % 7) + 11) % 7;
  return sinceSunday === 0 || sinceSunday === 6;
}
