import type { Desk } from './desk.ts';

/** A year of 365 days in milliseconds: the day count of all interest is actual/365. */
const YEAR_MS = 365 * 86_400_000;

/** Interest of the time since the bar before, by what was held at its close: on the value of shorts, and on cash below 0. */
export function chargeInterest(desk: Desk, bar: number): void {
  const { borrow, margin } = desk.account.interest;
  if (borrow === 0 && margin === 0) return;
  const { holdings, market } = desk;
  const elapsedMs = market.times[bar]! - market.times[bar - 1]!;
  let shorts = 0;
  for (let s = 0; s < holdings.lots.length; s++) shorts += shortValue(desk, s);
  const due = ((shorts * borrow + Math.max(0, -holdings.cash) * margin) * elapsedMs) / YEAR_MS;
  holdings.cash -= due;
  holdings.totals.interest += due;
}

function shortValue({ holdings, market }: Desk, symbol: number): number {
  let units = 0;
  for (const lot of holdings.lots[symbol]!) units += Math.max(0, -lot.units);
  return units === 0 ? 0 : units * market.prices[symbol]! * market.instruments[symbol]!.multiplier * market.rateOf(symbol);
}
