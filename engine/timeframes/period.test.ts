import { describe, expect, it } from 'vitest';
import type { TraderContext } from '../trader.ts';
import type { ZoneOffsets } from './local-time.ts';
import { createPeriodEnd, periodOf, type Period } from './period.ts';

const HOUR_MS = 3_600_000;
const day = (date: string) => Date.parse(date) / (24 * HOUR_MS);

const at = (...times: string[]) => Float64Array.from(times, (time) => Date.parse(time));
const contextOf = (time: number, ...rows: number[]) => ({ time, symbols: rows.map((row) => ({ row })) }) as unknown as TraderContext;

function endsOf(period: Period, times: Float64Array, zone?: ZoneOffsets): boolean[] {
  const endsPeriod = createPeriodEnd(period, [times], zone);
  return Array.from(times, (time, row) => endsPeriod(contextOf(time, row)));
}

describe('the number of a period', () => {
  it('goes up with each Monday, also before 1970', () => {
    expect(periodOf('weekly', day('2024-01-08')) - periodOf('weekly', day('2024-01-07'))).toBe(1);
    expect(periodOf('weekly', day('2024-01-14'))).toBe(periodOf('weekly', day('2024-01-08')));
    expect(periodOf('weekly', day('1969-12-29')) - periodOf('weekly', day('1969-12-28'))).toBe(1);
  });

  it('goes up with each month and with each quarter of the calendar, over the end of a year too', () => {
    expect(periodOf('monthly', day('2024-01-01')) - periodOf('monthly', day('2023-12-31'))).toBe(1);
    expect(periodOf('monthly', day('2024-02-29'))).toBe(periodOf('monthly', day('2024-02-01')));
    expect(periodOf('quarterly', day('2024-03-31'))).toBe(periodOf('quarterly', day('2024-01-01')));
    expect(periodOf('quarterly', day('2024-04-01')) - periodOf('quarterly', day('2024-03-31'))).toBe(1);
  });
});

describe('the end of a period', () => {
  const dates = at('2024-03-27', '2024-03-28', '2024-04-01', '2024-04-02', '2024-04-08');

  it('is the close before the first bar of the next one, over holidays too, and never the last bar', () => {
    expect(endsOf('monthly', dates)).toEqual([false, true, false, false, false]);
    expect(endsOf('quarterly', dates)).toEqual([false, true, false, false, false]);
    expect(endsOf('weekly', dates)).toEqual([false, true, false, true, false]);
    expect(endsOf('daily', dates)).toEqual([true, true, true, true, false]);
  });

  it('follows the clocks of the market', () => {
    // Two hours further east, 22:00 UTC on January 31st is the first of February.
    const times = at('2024-01-31T21:00Z', '2024-01-31T22:00Z', '2024-02-01T00:00Z');
    const east: ZoneOffsets = { from: Float64Array.of(-Infinity), offset: Float64Array.of(2 * HOUR_MS) };
    expect(endsOf('monthly', times)).toEqual([false, true, false]);
    expect(endsOf('monthly', times, east)).toEqual([true, false, false]);
  });

  it('is told by whichever symbol has the next bar', () => {
    const endsPeriod = createPeriodEnd('monthly', [at('2024-01-30', '2024-02-02'), at('2024-01-31', '2024-02-01')]);
    expect(endsPeriod(contextOf(Date.parse('2024-01-30'), 0, -1))).toBe(false);
    expect(endsPeriod(contextOf(Date.parse('2024-01-31'), 0, 0))).toBe(true);
    expect(endsPeriod(contextOf(Date.parse('2024-02-01'), 0, 1))).toBe(false);
  });
});
