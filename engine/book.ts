import { exitReasonCode, type TradeBlock } from '../shared/series.ts';
import type { AccountSpec } from '../shared/spec.ts';
import type { Bars } from '../shared/bars.ts';
import { createCosts } from './costs.ts';
import { touch, type Position } from './position.ts';
import { createSizing } from './sizing.ts';
import { takeRows } from './columns.ts';
import { appendTrade, createTradeLog, tradeOf } from './trade-log.ts';

/** A market order for the next open: be long (1), short (-1) or flat (0) afterwards. */
export interface Order {
  target: -1 | 0 | 1;
}

/** What the account holds. Plain JSON values: this is the part of the simulation's state that trading changes. */
export interface Holdings {
  /** Account currency; the proceeds of a short sale are in it. */
  cash: number;
  position: Position | null;
  order: Order | null;
  /** Entries that were given up because the money did not suffice. */
  dropped: number;
}

export interface Book {
  /** Fills the waiting order at the open of `bar`; it keeps waiting where the bar has no price. */
  fillOrder(bar: number): void;
  /** Closes what is open at the close of `bar`, because nothing is left of the equity. */
  liquidate(bar: number): void;
  /** The trades closed since this was last called. */
  takeTrades(): TradeBlock;
}

/** The broker's side of a simulation: turns orders into fills, and fills into cash, positions and trades. Changes `holdings`. */
export function createBook(holdings: Holdings, account: AccountSpec, bars: Bars): Book {
  const costs = createCosts(account);
  const sizeOrder = createSizing(account);
  const trades = createTradeLog();

  function enter(bar: number, side: -1 | 1): void {
    const price = costs.fillPrice(bars.open[bar]!, side);
    const units = sizeOrder(holdings.cash, price) * side;
    if (units === 0) {
      holdings.dropped += 1;
      return;
    }
    const entryFee = costs.fee(units, price);
    holdings.cash -= units * price + entryFee;
    holdings.position = { units, entryBar: bar, entryPrice: price, entryFee, high: price, low: price };
  }

  function exit(position: Position, bar: number, quoted: number, reason: number): void {
    const price = costs.fillPrice(quoted, -Math.sign(position.units));
    const fee = costs.fee(position.units, price);
    // The quote at which it left the position was still held at, so a gap counts in mae and mfe.
    touch(position, quoted);
    holdings.cash += position.units * price - fee;
    appendTrade(trades, tradeOf(position, { bar, price, fee, reason }, bars.ts));
    holdings.position = null;
  }

  return {
    fillOrder(bar) {
      const { order } = holdings;
      const open = bars.open[bar]!;
      if (order === null || !(open > 0)) return;
      holdings.order = null;
      // A reversal is one close and one entry at the same open, the entry sized from the money after the close.
      if (holdings.position !== null) exit(holdings.position, bar, open, exitReasonCode('signal'));
      if (order.target !== 0) enter(bar, order.target);
    },
    liquidate(bar) {
      holdings.order = null;
      if (holdings.position !== null) exit(holdings.position, bar, bars.close[bar]!, exitReasonCode('bankrupt'));
    },
    takeTrades: () => takeRows(trades),
  };
}
