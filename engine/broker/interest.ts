import type { Desk } from './desk.ts';
import { netValue } from './valuation.ts';

/** A year of 365 days in milliseconds: the day count of all interest is actual/365. */
const YEAR_MS = 365 * 86_400_000;

/** Interest of the time between two bars, by what was held at the close before: on the value of shorts, and on cash below 0. */
export function chargeInterest(desk: Desk, elapsedMs: number): void {
  const { borrow, margin } = desk.account.interest;
  if (borrow === 0 && margin === 0) return;
  const { holdings } = desk;
  let shorts = 0;
  for (let s = 0; s < holdings.lots.length; s++) shorts += shortValue(desk, s);
  const due = ((shorts * borrow + Math.max(0, -holdings.cash) * margin) * elapsedMs) / YEAR_MS;
  holdings.cash -= due;
  holdings.totals.interest += due;
}

function shortValue(desk: Desk, symbol: number): number {
  if (!desk.account.hedging) return Math.max(0, -netValue(desk, symbol));
  const { prices, instruments } = desk.market;
  const unit = prices[symbol]! * instruments[symbol]!.multiplier * desk.market.rateOf(symbol);
  return desk.holdings.lots[symbol]!.reduce((sum, { units }) => sum + Math.max(0, -units) * unit, 0);
}
