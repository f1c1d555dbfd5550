import type { MetricSpec } from '../../../shared/spec.ts';
import type { RollingSharpe } from '../../../shared/tables.ts';
import { DAY_MS } from '../../timeframes/local-time.ts';
import type { DailySeries } from '../daily-equity.ts';
import { definedOrNull } from '../defined.ts';
import { periodsOf, sharpeOf } from '../conventions.ts';
import { returnSeries } from '../returns.ts';
import { evenly } from './evenly.ts';

/** Sharpe ratio of the last `window` daily returns, at up to `most` days, by the same definition as that of the whole run. */
export function rollingSharpe(
  { day, equity, calendar }: DailySeries,
  conventions: MetricSpec,
  { window, most }: { window: number; most: number },
): RollingSharpe {
  const annual = { periodsPerYear: periodsOf(conventions, calendar), ddof: conventions.ddof };
  const ends = evenly(Math.max(0, day.length - window), most).map((i) => i + window);
  return {
    window,
    date: ends.map((end) => new Date(day[end]! * DAY_MS).toISOString().replace(/T.*/, '')),
    sharpe: ends.map((end) => definedOrNull(sharpeOf(returnSeries(equity.subarray(end - window, end + 1), annual), conventions))),
  };
}
