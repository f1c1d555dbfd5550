import type { OrderReason } from '../shared/orders.ts';
import { exitReasonCode, type OrderBlock, type TradeBlock } from '../shared/series.ts';
import type { AccountSpec } from '../shared/spec.ts';
import type { Bars } from '../shared/bars.ts';
import { createCosts } from './costs.ts';
import { touch, type Position } from './position.ts';
import { createSizer } from './sizing.ts';
import type { TakeRows } from './columns.ts';
import { plainInstrument } from './instrument.ts';
import { createMarketOrderLog, type Ended, type Got } from './market-order-log.ts';
import { appendTrade, createTradeLog, type Exit } from './trade-log.ts';

/** A market order for the next open: be long (1), short (-1) or flat (0) afterwards. */
interface Order {
  target: -1 | 0 | 1;
  /** Its number in the order log. */
  id: number;
}

/** What the account holds. Plain JSON values: this is the part of the simulation's state that trading changes. */
export interface Holdings {
  /** Account currency; the proceeds of a short sale are in it. */
  cash: number;
  position: Position | null;
  order: Order | null;
  /** Entries that were given up because the money did not suffice. */
  dropped: number;
  /** Number of the next order. */
  nextOrder: number;
}

export interface Book {
  /** Fills the waiting order at the open of `bar`; it keeps waiting where the bar has no price. */
  fillOrder(bar: number): void;
  /** Closes what is open at the close of `bar`, because nothing is left of the equity. */
  liquidate(bar: number): void;
  /** The trades closed and the orders ended since this was last called. */
  take(rows: TakeRows): { trades: TradeBlock; orders: OrderBlock };
}

/** The broker's side of a simulation: turns orders into fills, and fills into cash, positions and trades. Changes `holdings`. */
export function createBook(holdings: Holdings, account: AccountSpec, bars: Bars): Book {
  const { got, trades, enter, exit } = createFills(holdings, account, bars);
  const orders = createMarketOrderLog(bars.ts);

  function record(bar: number, ended: Ended): void {
    orders.add(bar, ended, got);
    got.units = got.fee = 0;
    got.price = NaN;
  }

  return {
    fillOrder(bar) {
      const { order, position } = holdings;
      const open = bars.open[bar]!;
      if (order === null || !(open > 0)) return;
      holdings.order = null;
      const side = order.target === 0 ? exitSide(position!) : order.target;
      // A reversal is one close and one entry at the same open, the entry sized from the money after the close.
      if (position !== null) exit(position, bar, open, SIGNAL);
      const reason = order.target === 0 ? 'none' : enter(bar, order.target);
      record(bar, { side, id: order.id, reason });
    },
    liquidate(bar) {
      const { position } = holdings;
      holdings.order = null;
      if (position === null) return;
      exit(position, bar, bars.close[bar]!, BANKRUPT);
      record(bar, { side: exitSide(position), id: 0, reason: 'bankrupt' });
    },
    take: (rows) => ({ trades: rows(trades), orders: orders.take(rows) }),
  };
}

/** What the two halves of an order do, closing and entering, and what it got by them so far: at one price, since they are on the same side of the same open. */
function createFills(holdings: Holdings, account: AccountSpec, bars: Bars) {
  const instrument = plainInstrument(account);
  const costs = createCosts(account, instrument);
  const sizer = createSizer(account, instrument);
  const trades = createTradeLog();
  // Used again for every trade: what is made anew each time pushes the bars out of the processor's cache.
  const got: Got = { units: 0, price: NaN, fee: 0 };
  const left: Exit = { bar: 0, price: NaN, fee: NaN, reason: 0 };
  const held: Position = { units: NaN, entryBar: 0, entryPrice: NaN, entryFee: NaN, high: NaN, low: NaN };

  function add(units: number, price: number, fee: number): void {
    got.units += units;
    got.price = price;
    got.fee += fee;
  }

  /** Returns why there was no entry, or 'none'. */
  function enter(bar: number, side: -1 | 1): OrderReason {
    const price = costs.fillPrice(bars.open[bar]!, side);
    const power = account.leverage * holdings.cash;
    const units = sizer.wanted(null, power, price);
    if (!sizer.affords(units, power, price)) {
      holdings.dropped += 1;
      return account.leverage > 1 ? 'margin' : 'no_money';
    }
    const fee = costs.fee(units, price);
    holdings.cash -= side * units * price + fee;
    held.units = side * units;
    held.entryBar = bar;
    held.entryPrice = held.high = held.low = price;
    held.entryFee = fee;
    holdings.position = held;
    add(units, price, fee);
    return 'none';
  }

  function exit(position: Position, bar: number, quoted: number, reason: number): void {
    const price = costs.fillPrice(quoted, exitSide(position));
    const fee = costs.fee(position.units, price);
    // The quote at which it left the position was still held at, so a gap counts in mae and mfe.
    touch(position, quoted);
    holdings.cash += position.units * price - fee;
    left.bar = bar;
    left.price = price;
    left.fee = fee;
    left.reason = reason;
    appendTrade(trades, position, left, bars.ts);
    holdings.position = null;
    add(Math.abs(position.units), price, fee);
  }

  return { got, trades, enter, exit };
}

const SIGNAL = exitReasonCode('signal');
const BANKRUPT = exitReasonCode('bankrupt');

/** The side of the order that closes a position. */
function exitSide({ units }: Position): -1 | 1 {
  return units > 0 ? -1 : 1;
}
