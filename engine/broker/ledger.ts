import { exitReasonCode } from '../../shared/series.ts';
import type { Distance, Level } from '../trader.ts';
import type { Desk } from './desk.ts';
import { onTick } from '../instrument.ts';
import { touch } from '../position.ts';
import { appendTrade } from '../trade-log.ts';
import type { Legs, Lot, Trail } from './working-order.ts';

/** One execution: what the price of the market was, and what the account got. */
export interface Fill {
  /** Price that the market showed. */
  quote: number;
  /** Price after slippage. */
  price: number;
  maker: boolean;
}

export interface Entry extends Fill {
  symbol: number;
  order: number;
  /** Signed. */
  units: number;
  fee: number;
  legs: Legs | null;
  tag: number;
  liveFrom: number;
}

/** Opens a lot: its value and its fee leave the cash. */
export function openLot(desk: Desk, entry: Entry): Lot {
  const { holdings, market } = desk;
  const { symbol, units, price, quote, fee, legs, tag, liveFrom } = entry;
  const rate = market.rateOf(symbol);
  const { multiplier } = market.instruments[symbol]!;
  holdings.cash -= units * price * multiplier * rate + fee;
  holdings.totals.fees += fee;
  const lot: Lot = {
    id: holdings.nextLot++,
    order: entry.order,
    symbol,
    units,
    entryBar: desk.bar,
    entryPrice: price,
    entryRate: rate,
    entryFee: fee,
    income: 0,
    high: price,
    low: price,
    stopLoss: legPrice(desk, { symbol, units, price }, legs?.stopLoss ?? null, -1),
    takeProfit: legPrice(desk, { symbol, units, price }, legs?.takeProfit ?? null, 1),
    trail: legs?.trail ?? null,
    best: quote,
    liveFrom,
    exiting: null,
    tag,
  };
  holdings.lots[symbol]!.push(lot);
  return lot;
}

/**
 * The price of a bracket's leg: as given, or its distance from the entry, in the direction of profit (1) or loss (-1); rounded to a tick against
 * the trader: a stop of a long down, a target up.
 */
export function legPrice(
  desk: Desk,
  of: { symbol: number; units: number; price: number },
  level: Level | null,
  direction: 1 | -1,
): number | null {
  if (level === null) return null;
  const away = Math.sign(of.units) * direction;
  const price = typeof level === 'number' ? level : of.price + away * distanceOf(level, of.price);
  return onTick(price, desk.market.instruments[of.symbol]!.tickSize, away);
}

function distanceOf(distance: Distance, price: number): number {
  return 'percent' in distance ? distance.percent * price : distance.amount;
}

export function trailOf(distance: Distance): Trail {
  return 'percent' in distance ? { percent: distance.percent, amount: 0 } : { percent: 0, amount: distance.amount };
}

/**
 * Closes `units` (signed as the lot is) of a lot, with its share of the entry's fee and of the dividends. Pnl = units × the move of the price in
 * account currency − both fees + dividends.
 */
export function closeLot(desk: Desk, lot: Lot, fill: Fill & { units: number; fee: number; reason: number }): void {
  const { holdings, market } = desk;
  const { units, price, quote, fee, reason } = fill;
  const rate = market.rateOf(lot.symbol);
  const { multiplier } = market.instruments[lot.symbol]!;
  // The quote at which it left the position was still held at, so a gap counts in mae and mfe.
  touch(lot, quote);
  holdings.cash += units * price * multiplier * rate - fee;
  holdings.totals.fees += fee;
  const isWhole = units === lot.units;
  const share = isWhole ? 1 : units / lot.units;
  const part = isWhole ? lot : { ...lot, units, entryFee: lot.entryFee * share, income: lot.income * share };
  const exit = { bar: desk.bar, price, fee, reason, rate, multiplier };
  appendTrade(desk.trades, part, exit, market.times);
  const lots = holdings.lots[lot.symbol]!;
  if (isWhole) lots.splice(lots.indexOf(lot), 1);
  else {
    lot.units -= units;
    lot.entryFee -= part.entryFee;
    lot.income -= part.income;
  }
}

export const SIGNAL_EXIT = exitReasonCode('signal');
