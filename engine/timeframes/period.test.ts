import { describe, expect, it } from 'vitest';
import type { TraderContext } from '../trader.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import type { ZoneOffsets } from './local-time.ts';
import { createPeriodEnd, periodOf, type Period } from './period.ts';

const HOUR_MS = 3_600_000;
const day = (date: string) => Date.parse(date) / (24 * HOUR_MS);

/** Bars at these times, and what a trader sees at the close of each. */
function closesAt(times: readonly number[], symbol = 'A') {
  const bars = {
    ...barsOf(
      times.map(() => 10),
      symbol,
    ),
    ts: Float64Array.from(times),
  };
  const contexts = times.map((time, row) => ({ time, symbols: [{ row }] }) as unknown as TraderContext);
  return { bars, contexts };
}

function endsOf(period: Period, times: readonly number[], zone?: ZoneOffsets): boolean[] {
  const { bars, contexts } = closesAt(times);
  const endsPeriod = createPeriodEnd(period, [bars], zone);
  return contexts.map((context) => endsPeriod(context));
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
  const dates = ['2024-03-27', '2024-03-28', '2024-04-01', '2024-04-02', '2024-04-08'].map((date) => Date.parse(date));

  it('is the close before the first bar of the next one, over holidays too, and never the last bar', () => {
    expect(endsOf('monthly', dates)).toEqual([false, true, false, false, false]);
    expect(endsOf('quarterly', dates)).toEqual([false, true, false, false, false]);
    expect(endsOf('weekly', dates)).toEqual([false, true, false, true, false]);
    expect(endsOf('daily', dates)).toEqual([true, true, true, true, false]);
  });

  it('follows the clocks of the market', () => {
    // Two hours further east, 22:00 UTC on January 31st is the first of February.
    const times = ['2024-01-31T21:00Z', '2024-01-31T22:00Z', '2024-02-01T00:00Z'].map((time) => Date.parse(time));
    const east: ZoneOffsets = { from: Float64Array.of(-Infinity), offset: Float64Array.of(2 * HOUR_MS) };
    expect(endsOf('monthly', times)).toEqual([false, true, false]);
    expect(endsOf('monthly', times, east)).toEqual([true, false, false]);
  });

  it('is told by whichever symbol has the next bar', () => {
    const first = closesAt(
      ['2024-01-30', '2024-02-02'].map((date) => Date.parse(date)),
      'A',
    ).bars;
    const second = closesAt(
      ['2024-01-31', '2024-02-01'].map((date) => Date.parse(date)),
      'B',
    ).bars;
    const endsPeriod = createPeriodEnd('monthly', [first, second]);
    const at = (date: string, ...rows: number[]) =>
      endsPeriod({ time: Date.parse(date), symbols: rows.map((row) => ({ row })) } as unknown as TraderContext);
    expect(at('2024-01-30', 0, -1)).toBe(false);
    expect(at('2024-01-31', 0, 0)).toBe(true);
    expect(at('2024-02-01', 0, 1)).toBe(false);
  });
});
