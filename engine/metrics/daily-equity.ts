/** Milliseconds of a UTC day. */
export const DAY_MS = 86_400_000;

/** The last equity of each UTC day that has a bar, however long the blocks in which the curve comes. */
export interface DailyEquity {
  add(ts: Float64Array, equity: Float64Array): void;
  /** Return of each day against the day before, from the second day on, and what is known of the calendar. */
  finish(): { returns: Float64Array; tradesOnWeekends: boolean; daysBetween: number };
}

/** Ratios are taken over days, so that they mean the same on minutes and on days. On daily bars a day is a bar. */
export function createDailyEquity(): DailyEquity {
  let closes = new Float64Array(1024);
  let days = 0;
  let firstDay = 0;
  let lastDay = 0;
  let dayEnd = -Infinity;
  let weekend = false;

  function startDay(time: number): void {
    lastDay = Math.floor(time / DAY_MS);
    if (days === 0) firstDay = lastDay;
    dayEnd = (lastDay + 1) * DAY_MS;
    weekend ||= isWeekend(lastDay);
    if (days === closes.length) closes = doubled(closes);
    days++;
  }

  return {
    add(ts, equity) {
      let i = 0;
      while (i < ts.length) {
        if (ts[i]! >= dayEnd) startDay(ts[i]!);
        i = firstAtOrAfter(dayEnd, ts, i + 1);
        closes[days - 1] = equity[i - 1]!;
      }
    },
    finish: () => ({
      returns: returnsOf(closes.subarray(0, days)),
      tradesOnWeekends: weekend,
      daysBetween: (lastDay - firstDay) / (days - 1),
    }),
  };
}

/** The first position from `start` on whose time is not before `end`. */
function firstAtOrAfter(end: number, ts: Float64Array, start: number): number {
  let i = start;
  while (i < ts.length && ts[i]! < end) i++;
  return i;
}

function returnsOf(closes: Float64Array): Float64Array {
  const returns = new Float64Array(Math.max(0, closes.length - 1));
  for (let i = 0; i < returns.length; i++) returns[i] = closes[i + 1]! / closes[i]! - 1;
  return returns;
}

function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(column.length * 2);
  larger.set(column);
  return larger;
}

/** `day` counts from 1970-01-01, a Thursday, and is negative before. */
function isWeekend(day: number): boolean {
  const sinceSunday = ((day % 7) + 11) % 7;
  return sinceSunday === 0 || sinceSunday === 6;
}
