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

/** Values in account currency at the prices of the moment: shorts count against `net`, and as positive in `gross`. */
export interface Marks {
  net: number;
  gross: number;
}

/** Value of a symbol's lots, added to `marks`. */
function addValue(desk: Desk, symbol: number, marks: Marks): void {
  const lots = desk.holdings.lots[symbol]!;
  if (lots.length === 0) return;
  const { prices, instruments } = desk.market;
  const price = prices[symbol]!;
  const { multiplier } = instruments[symbol]!;
  const rate = desk.market.rateOf(symbol);
  for (let i = 0; i < lots.length; i++) {
    const value = lots[i]!.units * price * multiplier * rate;
    marks.net += value;
    marks.gross += Math.abs(value);
  }
}

/** Value of everything held. The object is used anew by every call. */
export function mark(desk: Desk): Readonly<Marks> {
  const { marks } = desk;
  marks.net = 0;
  marks.gross = 0;
  for (let s = 0; s < desk.holdings.lots.length; s++) addValue(desk, s, marks);
  return marks;
}

/** Cash and the value of everything held, in account currency. */
export function equityNow(desk: Desk): number {
  return desk.holdings.cash + mark(desk).net;
}

/** Value of new positions that the account may still take on. */
export function freePower(desk: Desk): number {
  const { net, gross } = mark(desk);
  return desk.account.leverage * (desk.holdings.cash + net) - gross;
}
