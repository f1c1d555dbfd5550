import { DAY_MS } from '../../engine/timeframes/local-time.ts';
import { mergeTimes } from '../../engine/timeframes/merge-times.ts';
import type { DataQuality, QualityReport } from '../../shared/data-quality.ts';
import type { BarBlock } from '../time-chunks.ts';
import type { Flaw } from './flaw.ts';

type Calendar = QualityReport['calendar'];

/** Counts the bars that are missing between the first and the last one of each symbol, against each of the calendars at once: only the end tells which it is. */
export interface CalendarWatch {
  add(block: BarBlock): void;
  /** The calendar, and the gaps of a symbol by its place. */
  finish(asked: DataQuality['calendar']): { calendar: Calendar; gapsOf(place: number): Flaw[] };
}

/** Of all days with bars; a market that never closes has a seventh of each weekday. Sundays say nothing: currencies open on their evenings. */
const SATURDAYS = 1 / 14;
/** Weekdays in a row: longer than any market keeps holidays. */
const LONGEST_HOLIDAYS = 10;

interface Gaps {
  count: number;
  first: number;
}

interface Track {
  last: number;
  /** Missing steps of the timeframe. */
  steps: Gaps;
  /** Missing Mondays to Fridays. */
  weekdays: Gaps;
  /** The same, in holes that are no holidays. */
  holes: Gaps;
  /** Times at which another symbol has a bar. */
  others: Gaps;
  /** Times of all symbols since its last bar, and the first of those. */
  passed: Gaps;
}

/** @param step Of the timeframe, in ms. */
export function createCalendarWatch(step: number): CalendarWatch {
  const tracks: Track[] = [];
  const seen = { end: -Infinity, days: 0, saturdays: 0 };

  function add(block: BarBlock): void {
    if (block.length > 1) countOthers(block);
    for (const [place, { ts }] of block.entries()) {
      const track = (tracks[place] ??= newTrack());
      let last = Number(track.last); // else the compiler boxes it at each bar
      let dayEnd = Number(place === 0 ? seen.end : Infinity);
      for (let i = 0; i < ts.length; i++) {
        const now = ts[i]!;
        if (now - last > step) countHole(track, { last, now, step });
        last = now;
        if (now >= dayEnd) dayEnd = countDay(seen, now);
      }
      track.last = last;
    }
  }

  function countOthers(block: BarBlock): void {
    const times = mergeTimes(block.map(({ ts }) => ts));
    for (const [place, { ts }] of block.entries()) {
      const track = (tracks[place] ??= newTrack());
      if (ts === times && track.passed.count === 0) continue;
      walk(track, ts, times);
    }
  }

  return {
    add,
    finish(asked) {
      const isAlways = seen.saturdays > seen.days * SATURDAYS;
      const calendar = asked !== 'auto' ? asked : isAlways ? '24/7' : 'symbols';
      const kind = calendar === '24/7' ? 'steps' : calendar === 'weekdays' ? 'weekdays' : tracks.length > 1 ? 'others' : 'holes';
      return {
        calendar,
        gapsOf(place) {
          const { count, first } = tracks[place]?.[kind] ?? { count: 0, first: 0 };
          return count === 0 ? [] : [{ check: 'gaps', count, first, text: TEXTS[kind] }];
        },
      };
    },
  };
}

const TEXTS = {
  steps: 'bars that are missing in a market that never closes',
  weekdays: 'Mondays to Fridays without a bar',
  holes: `weekdays without a bar, in holes of more than ${LONGEST_HOLIDAYS} of them`,
  others: 'times at which other symbols have a bar, and it has none',
};

function newTrack(): Track {
  const none = (): Gaps => ({ count: 0, first: 0 });
  return { last: Number.NaN, steps: none(), weekdays: none(), holes: none(), others: none(), passed: none() };
}

function note(gaps: Gaps, count: number, first: number): void {
  if (count > 0 && gaps.count === 0) gaps.first = first;
  gaps.count += count;
}

/** Answers when the day ends. */
function countDay(seen: { end: number; days: number; saturdays: number }, now: number): number {
  const day = Math.floor(now / DAY_MS);
  seen.days++;
  if (weekday(day) === 6) seen.saturdays++;
  seen.end = (day + 1) * DAY_MS;
  return seen.end;
}

/** 0 is Sunday; 1970 began on a Thursday. */
function weekday(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

function countHole(track: Track, { last, now, step }: { last: number; now: number; step: number }): void {
  note(track.steps, Math.round((now - last) / step) - 1, last + step);
  const from = Math.floor(last / DAY_MS) + 1;
  const to = Math.floor(now / DAY_MS);
  // Bars of a week or more leave days out by their nature.
  const missing = step > DAY_MS ? 0 : weekdaysBefore(to) - weekdaysBefore(from);
  if (missing <= 0) return;
  const first = (weekday(from) === 6 ? from + 2 : weekday(from) === 0 ? from + 1 : from) * DAY_MS;
  note(track.weekdays, missing, first);
  if (missing > LONGEST_HOLIDAYS) note(track.holes, missing, first);
}

/** Mondays to Fridays before a day, counted from a Monday long ago. */
function weekdaysBefore(day: number): number {
  const since = day + 3; // 1969-12-29 was a Monday
  const weeks = Math.floor(since / 7);
  return weeks * 5 + Math.min(5, since - weeks * 7);
}

/** Goes along the times of all symbols; those since the last own bar are gaps once another own bar follows. */
function walk(track: Track, ts: Float64Array, times: Float64Array): void {
  const { passed, others } = track;
  let next = 0;
  for (let i = 0; i < times.length; i++) {
    if (ts[next] === times[i]) {
      if (next > 0 || !Number.isNaN(track.last)) note(others, passed.count, passed.first);
      passed.count = 0;
      next++;
    } else note(passed, 1, times[i]!);
  }
}
