import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bars, CorporateActions } from '../../shared/bars.ts';
import { alignColumn } from './align.ts';
import { DAY_MS, localDay, momentOf, offsetAt, timeOfDay, type ZoneOffsets } from './local-time.ts';
import { resample } from './resample.ts';
import { placeIn, type Session } from './session.ts';

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

it('a midnight that a clock change leaves out is the change itself', () => {
  // Sao Paulo in 2018: from 4 November 03:00Z, midnight, UTC-2 instead of UTC-3.
  const saoPaulo = { from: Float64Array.of(0, Date.UTC(2018, 10, 4, 3)), offset: Float64Array.of(-3 * HOUR, -2 * HOUR) };
  expect(momentOf(saoPaulo, Date.UTC(2018, 10, 4))).toBe(Date.UTC(2018, 10, 4, 3));
  expect(momentOf(NEW_YORK, Date.UTC(2024, 10, 3, 1, 30))).toBe(Date.UTC(2024, 10, 3, 6, 30));
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

  it('gives each hour of the night on which the clock goes back a bar of its own, and keeps the order of shorter ones', () => {
    // 3 November 2024, 00:00 to 03:00 by the clock: four hours.
    const quarters = barsAt(every(15 * MINUTE, 16, Date.UTC(2024, 10, 3, 4)));
    const around = { zone: NEW_YORK, open: 0, close: DAY_MS };
    expect([...resample(quarters, '1h', around).bars.ts]).toEqual(every(HOUR, 4, Date.UTC(2024, 10, 3, 4)));
    expect([...resample(quarters, '30m', around).bars.ts]).toEqual(every(30 * MINUTE, 8, Date.UTC(2024, 10, 3, 4)));
  });

  it('gives bars over the night on which the clock goes forward their full time', () => {
    // 10 March 2024 has 23 hours.
    const { bars, ends } = resample(barsAt(every(HOUR, 23, Date.UTC(2024, 2, 10, 5))), '4h', { zone: NEW_YORK, open: 0, close: DAY_MS });
    expect([...bars.ts]).toEqual(every(4 * HOUR, 6, Date.UTC(2024, 2, 10, 5)));
    expect(ends.at(-1)).toBe(Date.UTC(2024, 2, 11, 4));
  });

  it('keeps the last value of an extra column', () => {
    const start = Date.UTC(2024, 0, 1);
    const fast = { ...barsAt(every(MINUTE, 5, start)), extra: { signal: Float64Array.of(1, 2, 3, NaN, 5) } };
    expect(resample(fast, '2m').bars.extra).toEqual({ signal: Float64Array.of(2, NaN, 5) });
  });

  it('of nothing is nothing', () => {
    expect(listOf(resample(barsAt([]), '1h'))).toEqual([]);
    expect(listOf(resample(barsAt(every(HOUR, 3, Date.UTC(2024, 5, 30, 15))), '1h', EXCHANGE))).toEqual([]);
  });
});

describe('splits and dividends in slower bars', () => {
  const monday = Date.UTC(2024, 0, 1);
  const day = (index: number) => monday + index * DAY_MS;
  const columns = (rows: [number, number][], index: 0 | 1) => Float64Array.from(rows, (row) => (index === 0 ? day(row[0]) : row[1]));
  const actionsOf = (splits: [number, number][], dividends: [number, number][]): CorporateActions => ({
    splits: { ts: columns(splits, 0), ratio: columns(splits, 1) },
    dividends: { ts: columns(dividends, 0), amount: columns(dividends, 1) },
  });
  /** Days at which nothing moves within. */
  const daily = (prices: number[], actions: CorporateActions): Bars => {
    const price = Float64Array.from(prices);
    const ts = Float64Array.from(prices, (_, i) => day(i));
    return { symbol: 'X', ts, open: price, high: price, low: price, close: price, volume: price.map(() => 10), actions };
  };

  it('take effect before the bar they fall into, which is in shares of after them', () => {
    // On Wednesday 2:1, and 3 are paid a new share: what cost 100 is worth 47 and 3.
    const { bars } = resample(daily([100, 110, 47, 48, 49, 50, 50], actionsOf([[2, 2]], [[2, 3]])), '1w');
    expect(listOf({ bars })).toEqual([[monday, 47, 52, 47, 50, 2 * 20 + 5 * 10]]);
    expect(bars.actions).toEqual(actionsOf([[0, 2]], [[0, 3]]));
  });

  it('that follow each other in a bar are for a share of its end', () => {
    const { bars } = resample(
      daily(
        [100, 96, 48, 47],
        actionsOf(
          [[2, 2]],
          [
            [1, 4],
            [3, 1],
          ],
        ),
      ),
      '1w',
    );
    expect(bars.open[0]).toBe(48 - 1);
    expect(bars.actions).toEqual(actionsOf([[0, 2]], [[0, 4 / 2 + 1]]));
  });

  it('on a day without a bar belong to the next one', () => {
    // The ex date is Sunday, the last bar of the week Saturday's.
    const bars = daily([10, 10, 10, 10, 10, 10, 10, 5], actionsOf([[6, 2]], []));
    const without = (column: Float64Array) => column.filter((_, i) => i !== 6);
    const { ts, open, high, low, close, volume } = bars;
    const gap = {
      ...bars,
      ts: without(ts),
      open: without(open),
      high: without(high),
      low: without(low),
      close: without(close),
      volume: without(volume),
    };
    expect(resample(gap, '1w').bars.actions).toEqual(actionsOf([[7, 2]], []));
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
