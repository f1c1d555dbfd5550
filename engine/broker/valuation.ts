import type { Desk } from './desk.ts';

/** Money in account currency that one unit of a symbol is worth at its price of the moment. */
export function unitValue({ market }: Desk, symbol: number): number {
  return market.prices[symbol]! * market.instruments[symbol]!.multiplier * market.rateOf(symbol);
}

/** Units of a symbol, longs less shorts. */
export function unitsOf({ holdings }: Desk, symbol: number): number {
  const lots = holdings.lots[symbol]!;
  let units = 0;
  for (let i = 0; i < lots.length; i++) units += lots[i]!.units;
  return units;
}

/** Places in {@link Desk.marks}: values in account currency; shorts count against the net, and as positive in the gross value. */
export const NET = 0;
export const GROSS = 1;

/** Values everything held at the prices of the moment. The array is used anew by every call: fields of an object would be allocated anew. */
export function mark(desk: Desk): Float64Array {
  const { marks } = desk;
  marks[NET] = 0;
  marks[GROSS] = 0;
  for (let s = 0; s < desk.holdings.lots.length; s++) addValue(desk, s, marks);
  return marks;
}

function addValue(desk: Desk, symbol: number, marks: Float64Array): void {
  const lots = desk.holdings.lots[symbol]!;
  if (lots.length === 0) return;
  const { prices, instruments } = desk.market;
  const price = prices[symbol]!;
  const { multiplier } = instruments[symbol]!;
  const rate = desk.market.rateOf(symbol);
  for (let i = 0; i < lots.length; i++) {
    const value = lots[i]!.units * price * multiplier * rate;
    marks[NET]! += value;
    marks[GROSS]! += Math.abs(value);
  }
}

/** Cash and the value of everything held, in account currency. */
export function equityNow(desk: Desk): number {
  return desk.holdings.cash + mark(desk)[NET]!;
}

/** Value of new positions that the account may still take on. */
export function freePower(desk: Desk): number {
  const marks = mark(desk);
  return desk.account.leverage * (desk.holdings.cash + marks[NET]!) - marks[GROSS]!;
}
