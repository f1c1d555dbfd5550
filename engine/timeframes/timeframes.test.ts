import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bars } from '../../shared/bars.ts';
import { alignColumn } from './align.ts';
import { localDay, momentOf, offsetAt, timeOfDay, type ZoneOffsets } from './local-time.ts';
import { resample } from './resample.ts';
import { DAY_MS, placeIn, type Session } from './session.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** New York in 2024: UTC-5, from 10 March 07:00Z UTC-4, from 3 November 06:00Z UTC-5 again. */
const NEW_YORK: ZoneOffsets = {
  from: Float64Array.of(-Infinity, Date.UTC(2024, 2, 10, 7), Date.UTC(2024, 10, 3, 6)),
  offset: Float64Array.of(-5 * HOUR, -4 * HOUR, -5 * HOUR),
};

const EXCHANGE: Session = { zone: NEW_YORK, open: 9.5 * HOUR, close: 16 * HOUR, weekdays: [1, 2, 3, 4, 5] };
/** Opens at 18:00 of the evening before. */
const OVERNIGHT: Session = { zone: NEW_YORK, open: 18 * HOUR, close: 17 * HOUR };

/** Bars at these times; the price of bar i is i + 1, its high half above and its low half below. */
function barsAt(times: readonly number[]): Bars {
  const price = (shift: number) => Float64Array.from(times, (_, i) => i + 1 + shift);
  return {
    symbol: 'X',
    ts: Float64Array.from(times),
    open: price(0),
    high: price(0.5),
    low: price(-0.5),
    close: price(0.25),
    volume: price(9),
  };
}

const every = (ms: number, count: number, from: number) => Array.from({ length: count }, (_, i) => from + i * ms);
const listOf = ({ bars }: { bars: Bars }) =>
  [...bars.ts].map((ts, i) => [ts, bars.open[i], bars.high[i], bars.low[i], bars.close[i], bars.volume[i]]);

describe('local time', () => {
  it('follows the changes of the clock', () => {
    const before = Date.UTC(2024, 2, 10, 6, 59);
    expect([offsetAt(NEW_YORK, before), offsetAt(NEW_YORK, before + MINUTE)]).toEqual([-5 * HOUR, -4 * HOUR]);
    expect(timeOfDay(NEW_YORK, Date.UTC(2024, 6, 1, 13, 30))).toBe(9.5 * HOUR);
    expect(timeOfDay(NEW_YORK, Date.UTC(2024, 11, 2, 14, 30))).toBe(9.5 * HOUR);
    expect(localDay(NEW_YORK, Date.UTC(2024, 6, 1, 2))).toBe(Date.UTC(2024, 5, 30) / DAY_MS);
  });

  it('leads back to the moment', () => {
    for (const ts of [Date.UTC(2024, 0, 5, 14, 30), Date.UTC(2024, 2, 10, 7), Date.UTC(2024, 6, 1, 20), Date.UTC(2024, 10, 4, 14, 30)]) {
      expect(momentOf(NEW_YORK, ts + offsetAt(NEW_YORK, ts))).toBe(ts);
    }
  });
});

describe('a session', () => {
  it('leaves out what lies before its open, from its close on, and on other days', () => {
    const isOpen = (...time: [number, number, number, number]) => placeIn(EXCHANGE, Date.UTC(2024, ...time)) !== null;
    // Monday 1 July: open from 13:30Z to 20:00Z.
    expect([isOpen(6, 1, 13, 29), isOpen(6, 1, 13, 30), isOpen(6, 1, 19, 59), isOpen(6, 1, 20, 0)]).toEqual([false, true, true, false]);
    expect(isOpen(5, 30, 15, 0)).toBe(false);
    // Winter: 14:30Z.
    expect([isOpen(11, 2, 14, 29), isOpen(11, 2, 14, 30)]).toEqual([false, true]);
  });

  it('that runs over midnight has the date of the day on which it closes', () => {
    const monday = Date.UTC(2024, 6, 1);
    expect(placeIn(OVERNIGHT, monday - 2 * HOUR)).toEqual({ day: monday / DAY_MS, since: 0 });
    expect(placeIn(OVERNIGHT, monday + 20.5 * HOUR)?.day).toBe(monday / DAY_MS);
    expect(placeIn(OVERNIGHT, monday + 21.5 * HOUR)).toBeNull();
  });
});

describe('resampling', () => {
  it('takes the first open, the extremes, the last close and all of the volume', () => {
    const start = Date.UTC(2024, 0, 1);
    expect(listOf(resample(barsAt(every(MINUTE, 5, start)), '2m'))).toEqual([
      [start, 1, 2.5, 0.5, 2.25, 21],
      [start + 2 * MINUTE, 3, 4.5, 2.5, 4.25, 25],
      [start + 4 * MINUTE, 5, 5.5, 4.5, 5.25, 14],
    ]);
  });

  it('counts hours from the open of the session, and cuts the last at its close', () => {
    const open = Date.UTC(2024, 6, 1, 13, 30);
    // From an hour before the open to two hours after the close.
    const { bars, ends } = resample(barsAt(every(30 * MINUTE, 19, open - HOUR)), '2h', EXCHANGE);
    expect([...bars.ts]).toEqual([0, 2, 4, 6].map((hours) => open + hours * HOUR));
    expect(ends.at(-1)).toBe(open + 6.5 * HOUR);
    expect(bars.open[0]).toBe(3);
  });

  it('makes days by the local date, also over a change of the clock', () => {
    // Hours from Friday 8 March to Tuesday 12 March.
    const { bars } = resample(barsAt(every(HOUR, 24 * 4, Date.UTC(2024, 2, 8, 5))), '1d', {
      ...EXCHANGE,
      open: 0,
      close: DAY_MS,
      weekdays: [0, 1, 2, 3, 4, 5, 6],
    });
    // The night of the change is an hour short, so the last hour of these belongs to the next date.
    expect([...bars.ts]).toEqual([8, 9, 10, 11, 12].map((day) => Date.UTC(2024, 2, day)));
    expect([...bars.open]).toEqual([1, 25, 49, 72, 96]);
  });

  it('makes weeks from Monday on', () => {
    // Thursday 4 January to Wednesday 10 January 2024.
    const { bars } = resample(barsAt(every(DAY_MS, 7, Date.UTC(2024, 0, 4))), '1w');
    expect(listOf({ bars }).map(([ts, open]) => [ts, open])).toEqual([
      [Date.UTC(2024, 0, 1), 1],
      [Date.UTC(2024, 0, 8), 5],
    ]);
  });

  it('of nothing is nothing', () => {
    expect(listOf(resample(barsAt([]), '1h'))).toEqual([]);
    expect(listOf(resample(barsAt(every(HOUR, 3, Date.UTC(2024, 5, 30, 15))), '1h', EXCHANGE))).toEqual([]);
  });
});

describe('a slower column on faster bars', () => {
  it('shows a bar only from the close at which it is over', () => {
    const start = Date.UTC(2024, 0, 1);
    const fast = barsAt(every(15 * MINUTE, 10, start));
    const hours = resample(fast, '1h');
    expect([...alignColumn(hours.bars.close, hours, fast.ts, 15 * MINUTE)]).toEqual([
      NaN,
      NaN,
      NaN,
      4.25,
      4.25,
      4.25,
      4.25,
      8.25,
      8.25,
      8.25,
    ]);
  });

  it('shows a day from the close of its session', () => {
    const fast = barsAt([Date.UTC(2024, 6, 1, 18), Date.UTC(2024, 6, 1, 19), Date.UTC(2024, 6, 2, 13, 30), Date.UTC(2024, 6, 2, 14, 30)]);
    const days = resample(fast, '1d', EXCHANGE);
    expect([...alignColumn(days.bars.close, days, fast.ts, HOUR)]).toEqual([NaN, 2.25, 2.25, 2.25]);
  });

  it('shows a bar whose last trades are missing when the next one begins, not before', () => {
    const start = Date.UTC(2024, 0, 1);
    const fast = barsAt([start, start + 15 * MINUTE, start + 70 * MINUTE]);
    const hours = resample(fast, '1h');
    expect([...alignColumn(hours.bars.close, hours, fast.ts, 15 * MINUTE)]).toEqual([NaN, NaN, 2.25]);
  });

  it('never depends on a later bar', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 80 });
    const timeframe = fc.constantFrom('5m', '1h', '4h', '1d', '1w');
    fc.assert(
      fc.property(gaps, timeframe, fc.nat(80), fc.constantFrom(EXCHANGE, OVERNIGHT, undefined), (steps, slow, length, session) => {
        let now = Date.UTC(2024, 2, 8, 12);
        const times = steps.map((step) => (now += step * 5 * MINUTE));
        const along = (upTo: number) => {
          const fast = barsAt(times.slice(0, upTo));
          const frame = resample(fast, slow, session);
          return [...alignColumn(frame.bars.close, frame, fast.ts, 5 * MINUTE)];
        };
        expect(along(length)).toEqual(along(times.length).slice(0, length));
      }),
      { numRuns: 300 },
    );
  });
});
