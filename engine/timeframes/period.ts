import type { TraderContext } from '../trader.ts';
import { DAY_MS, localDay, UTC, type ZoneOffsets } from './local-time.ts';

/** How often a portfolio is brought back to its weights. */
export const PERIODS = ['daily', 'weekly', 'monthly', 'quarterly'] as const;
export type Period = (typeof PERIODS)[number];

/** 1970-01-01 was a Thursday: three days after the Monday that weeks are counted from. */
export const MONDAY = 3;

/** Number of the period that a local day (counted from 1970-01-01) lies in; weeks begin on Monday. */
export function periodOf(period: Period, day: number): number {
  if (period === 'daily') return day;
  if (period === 'weekly') return Math.floor((day + MONDAY) / 7);
  const date = new Date(day * DAY_MS);
  const month = 12 * date.getUTCFullYear() + date.getUTCMonth();
  return period === 'monthly' ? month : Math.floor(month / 3);
}

/**
 * Tells at a close whether the next bar of any of the symbols begins a new period, so that what is decided now fills at its first open. `calendar` has
 * the times of every symbol's bars, those to come too: calendars are published ahead, prices are not. False at the last bar there is.
 */
export function createPeriodEnd(
  period: Period,
  calendar: readonly Float64Array[],
  zone: ZoneOffsets = UTC,
): (context: TraderContext) => boolean {
  return ({ time, symbols }) => {
    let next = Infinity;
    for (let s = 0; s < calendar.length; s++) next = Math.min(next, calendar[s]![symbols[s]!.row + 1] ?? Infinity);
    if (next === Infinity) return false;
    const [today, tomorrow] = [localDay(zone, time), localDay(zone, next)];
    // Most bars of a day are followed by another one of it: there is nothing to look up.
    return today !== tomorrow && periodOf(period, today) !== periodOf(period, tomorrow);
  };
}
