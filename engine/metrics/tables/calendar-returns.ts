import type { PeriodReturn } from '../../../shared/tables.ts';
import { DAY_MS } from '../../timeframes/local-time.ts';
import type { DailySeries } from '../daily-equity.ts';
import { definedOrNull } from '../defined.ts';

/** Returns of each local month that has a bar. The product of all 1 + r is that of the whole run. */
export function monthlyReturns(series: DailySeries, cash: number): PeriodReturn[] {
  return periodReturns(series, cash, { endAfter: (date) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1), named: 7 });
}

/** Returns of each local year that has a bar. */
export function yearlyReturns(series: DailySeries, cash: number): PeriodReturn[] {
  return periodReturns(series, cash, { endAfter: (date) => Date.UTC(date.getUTCFullYear() + 1, 0), named: 4 });
}

interface Period {
  /** First moment after the period in which a date lies, in milliseconds. */
  endAfter: (date: Date) => number;
  /** Characters of an ISO date, counted without the sign and the extra digits of far years, that name the period. */
  named: number;
}

function periodReturns({ day, equity, benchmark }: DailySeries, cash: number, { endAfter, named }: Period): PeriodReturn[] {
  const rows: PeriodReturn[] = [];
  let before = { equity: cash, benchmark: firstKnown(benchmark) };
  let i = 0;
  while (i < day.length) {
    const date = new Date(day[i]! * DAY_MS);
    const endDay = endAfter(date) / DAY_MS;
    // At least one day each time: the last period that a date can name has no end.
    do i++;
    while (i < day.length && day[i]! < endDay);
    const last = { equity: equity[i - 1]!, benchmark: benchmark?.[i - 1] ?? NaN };
    rows.push({
      period: date.toISOString().slice(0, named - 'YYYY-MM-DDTHH:mm:ss.sssZ'.length),
      // Of nothing, or of debts, there is no return.
      return: before.equity > 0 ? definedOrNull(last.equity / before.equity - 1) : null,
      benchmark: definedOrNull(last.benchmark / before.benchmark - 1),
    });
    before = { equity: last.equity, benchmark: Number.isNaN(last.benchmark) ? before.benchmark : last.benchmark };
  }
  return rows;
}

/** The benchmark is bought at its first close: before that day it has no value to compare with. */
function firstKnown(values: Float64Array | null): number {
  return values?.find((value) => !Number.isNaN(value)) ?? NaN;
}
