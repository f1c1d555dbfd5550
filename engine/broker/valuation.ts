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

/** Value of a symbol's lots at the price of the moment; of shorts negative. */
export function netValue(desk: Desk, symbol: number): number {
  return valueAt(desk, symbol, false);
}

/** The same with shorts counted as positive. */
export function grossValue(desk: Desk, symbol: number): number {
  return valueAt(desk, symbol, true);
}

function valueAt(desk: Desk, symbol: number, gross: boolean): number {
  const { prices, instruments } = desk.market;
  const lots = desk.holdings.lots[symbol]!;
  if (lots.length === 0) return 0;
  const price = prices[symbol]!;
  const { multiplier } = instruments[symbol]!;
  const rate = desk.market.rateOf(symbol);
  let sum = 0;
  for (let i = 0; i < lots.length; i++) {
    const value = lots[i]!.units * price * multiplier * rate;
    sum += gross ? Math.abs(value) : value;
  }
  return sum;
}

/** Cash and the value of everything held, in account currency. */
export function equityNow(desk: Desk): number {
  const { cash, lots } = desk.holdings;
  let value = 0;
  for (let s = 0; s < lots.length; s++) value += netValue(desk, s);
  return cash + value;
}

export function grossNow(desk: Desk): number {
  let sum = 0;
  for (let s = 0; s < desk.holdings.lots.length; s++) sum += grossValue(desk, s);
  return sum;
}

/** Value of new positions that the account may still take on. */
export function freePower(desk: Desk): number {
  return desk.account.leverage * equityNow(desk) - grossNow(desk);
}
