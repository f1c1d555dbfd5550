import type { AccountSpec } from '../../shared/spec.ts';
import type { OrderReason, OrderStatus } from '../../shared/orders.ts';
import { orderCode } from '../../shared/series.ts';
import { createCosts, type Costs } from '../costs.ts';
import type { Market } from './market.ts';
import { appendOrder, createOrderLog, type OrderLog } from './order-log.ts';
import { createSizer, type Sizer } from '../sizing.ts';
import { createTradeLog, type TradeLog } from '../trade-log.ts';
import type { Lot, Target, WorkingOrder } from './working-order.ts';

/** What the account holds and wants. Plain JSON values without NaN, infinities or -0: part of a checkpoint. */
export interface Holdings {
  /** Account currency; the proceeds of a short sale are in it. */
  cash: number;
  /** Open lots of each symbol, the oldest first. */
  lots: Lot[][];
  /** In the order in which they were given. */
  orders: WorkingOrder[];
  target: Target | null;
  nextOrder: number;
  nextLot: number;
  /** What was paid or received so far beside prices, in account currency: costs are positive. */
  totals: { fees: number; interest: number; dividends: number };
  /** Units of each symbol that the fills of its current bar have taken from the bar's volume. */
  taken: number[];
  /** Words given to orders; the first is the empty one. */
  tags: string[];
}

/** The broker's tools: what a fill reads, and what it writes to. */
export interface Desk {
  readonly holdings: Holdings;
  readonly market: Market;
  readonly account: AccountSpec;
  readonly costs: readonly Costs[];
  readonly sizers: readonly Sizer[];
  readonly trades: TradeLog;
  readonly log: OrderLog;
  /** Of the last valuation. */
  readonly marks: Float64Array;
  /** Bar that fills are booked on. */
  bar: number;
  /** An order has ended, and stands in `holdings.orders` until the next clearing. */
  dirty: boolean;
}

export function createDesk(holdings: Holdings, market: Market, account: AccountSpec): Desk {
  return {
    holdings,
    market,
    account,
    costs: market.instruments.map((instrument) => createCosts(account, instrument)),
    sizers: market.instruments.map((instrument) => createSizer(account, instrument)),
    trades: createTradeLog(),
    log: createOrderLog(),
    marks: new Float64Array(2),
    bar: 0,
    dirty: false,
  };
}

export function initialHoldings(cash: number, symbols: number): Holdings {
  return {
    cash,
    lots: Array.from({ length: symbols }, () => []),
    orders: [],
    target: null,
    nextOrder: 1,
    nextLot: 1,
    totals: { fees: 0, interest: 0, dividends: 0 },
    taken: Array.from({ length: symbols }, () => 0),
    tags: [''],
  };
}

/** What the log says of one event of an order; `size` null where it was never decided. */
export interface OrderEvent {
  status: OrderStatus;
  reason: OrderReason;
  size?: number | null;
  filledSize?: number;
  filledPrice?: number;
  fee?: number;
}

type Named = Pick<WorkingOrder, 'id' | 'symbol' | 'type' | 'side' | 'limit' | 'stop'>;

/** Writes a row of the order log. */
export function record(desk: Desk, order: Named, event: OrderEvent): void {
  appendOrder(desk.log, {
    ts: desk.market.times[desk.bar]!,
    bar: desk.bar,
    symbol: order.symbol,
    order: order.id,
    type: orderCode.type(order.type),
    side: order.side,
    size: event.size ?? NaN,
    price: order.stop ?? order.limit ?? NaN,
    status: orderCode.status(event.status),
    filledSize: event.filledSize ?? 0,
    filledPrice: event.filledPrice ?? NaN,
    fee: event.fee ?? 0,
    reason: orderCode.reason(event.reason),
  });
}

/** Ends an order without a (further) fill. It stays in its place until {@link clearEnded}, so that a walk over the orders is not disturbed. */
export function end(desk: Desk, order: WorkingOrder, status: 'cancelled' | 'expired' | 'rejected', reason: OrderReason): void {
  if (hasEnded(order)) return;
  record(desk, order, { status, reason, size: typeof order.size === 'number' ? order.size : null });
  drop(desk, order);
}

/** Takes a filled order away, as {@link end} does. */
export function drop(desk: Desk, order: WorkingOrder): void {
  order.id = -order.id;
  desk.dirty = true;
}

export function hasEnded(order: WorkingOrder): boolean {
  return order.id < 0;
}

export function clearEnded(desk: Desk): void {
  if (!desk.dirty) return;
  const { orders } = desk.holdings;
  let kept = 0;
  for (const order of orders) if (!hasEnded(order)) orders[kept++] = order;
  orders.length = kept;
  desk.dirty = false;
}
