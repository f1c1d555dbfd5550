import type { OrderReason } from '../shared/orders.ts';
import { exitReasonCode, orderCode, type OrderBlock, type TradeBlock } from '../shared/series.ts';
import type { AccountSpec } from '../shared/spec.ts';
import type { Bars } from '../shared/bars.ts';
import { createCosts } from './costs.ts';
import { touch, type Position } from './position.ts';
import { createSizer } from './sizing.ts';
import type { TakeRows } from './columns.ts';
import { plainInstrument } from './instrument.ts';
import { appendOrder, createOrderLog, type OrderLog } from './broker/order-log.ts';
import { appendTrade, createTradeLog, tradeOf } from './trade-log.ts';

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

/** What one order got, in its two halves: closing and entering. */
interface Got {
  units: number;
  fee: number;
  price: number;
}

const MARKET = orderCode.type('market');

/** The broker's side of a simulation: turns orders into fills, and fills into cash, positions and trades. Changes `holdings`. */
export function createBook(holdings: Holdings, account: AccountSpec, bars: Bars): Book {
  const instrument = plainInstrument(account);
  const costs = createCosts(account, instrument);
  const sizer = createSizer(account, instrument);
  const trades = createTradeLog();
  const log = createOrderLog();

  /** Returns why there was no entry, or 'none'. */
  function enter(bar: number, side: -1 | 1, got: Got): OrderReason {
    const price = costs.fillPrice(bars.open[bar]!, side);
    const power = account.leverage * holdings.cash;
    const units = sizer.wanted(null, power, price);
    if (!sizer.affords(units, power, price)) {
      holdings.dropped += 1;
      return account.leverage > 1 ? 'margin' : 'no_money';
    }
    const entryFee = costs.fee(units, price);
    holdings.cash -= side * units * price + entryFee;
    holdings.position = { units: side * units, entryBar: bar, entryPrice: price, entryFee, high: price, low: price };
    add(got, units, price, entryFee);
    return 'none';
  }

  function exit(position: Position, bar: number, quoted: number, reason: number): Got {
    const price = costs.fillPrice(quoted, -Math.sign(position.units));
    const fee = costs.fee(position.units, price);
    // The quote at which it left the position was still held at, so a gap counts in mae and mfe.
    touch(position, quoted);
    holdings.cash += position.units * price - fee;
    appendTrade(trades, tradeOf(position, { bar, price, fee, reason }, bars.ts));
    holdings.position = null;
    return { units: Math.abs(position.units), price, fee };
  }

  return {
    fillOrder(bar) {
      const { order, position } = holdings;
      const open = bars.open[bar]!;
      if (order === null || !(open > 0)) return;
      holdings.order = null;
      // A reversal is one close and one entry at the same open, the entry sized from the money after the close.
      const got = position === null ? { units: 0, fee: 0, price: NaN } : exit(position, bar, open, SIGNAL);
      const side = order.target === 0 ? -Math.sign(position!.units) : order.target;
      const reason = order.target === 0 ? 'none' : enter(bar, order.target, got);
      record(log, { bar, ts: bars.ts[bar]!, side, id: order.id, got, reason });
    },
    liquidate(bar) {
      const { position } = holdings;
      holdings.order = null;
      if (position === null) return;
      const side = -Math.sign(position.units);
      const got = exit(position, bar, bars.close[bar]!, BANKRUPT);
      record(log, { bar, ts: bars.ts[bar]!, side, id: 0, got, reason: 'bankrupt' });
    },
    take: (rows) => ({ trades: rows(trades), orders: rows(log) }),
  };
}

const SIGNAL = exitReasonCode('signal');
const BANKRUPT = exitReasonCode('bankrupt');

/** Both halves of an order have the same price: they are on the same side of the same open. */
function add(got: Got, units: number, price: number, fee: number): void {
  got.units += units;
  got.price = price;
  got.fee += fee;
}

interface MarketOrder {
  id: number;
  bar: number;
  ts: number;
  side: number;
  got: Got;
  reason: OrderReason;
}

/** The row of a market order: filled, refused, or, where a reversal was closed but the entry refused, filled in part. */
function record(log: OrderLog, { id, bar, ts, side, got, reason }: MarketOrder): void {
  const isFilled = reason === 'none' || reason === 'bankrupt';
  const status = isFilled ? 'filled' : got.units > 0 ? 'partially-filled' : 'rejected';
  appendOrder(log, {
    ts,
    bar,
    symbol: 0,
    order: id,
    type: MARKET,
    side,
    size: isFilled ? got.units : NaN,
    price: NaN,
    status: orderCode.status(status),
    filledSize: got.units,
    filledPrice: got.price,
    fee: got.fee,
    reason: orderCode.reason(reason),
  });
}
