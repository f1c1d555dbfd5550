import type { OrderType } from '../../shared/orders.ts';
import type { Level, OrderSize } from '../trader.ts';

/** When an order may fill: as soon as its price allows, at opens, at closes, or at the close that it was decided on. */
export type FillTime = 'any' | 'open' | 'close' | 'decision';

/** A trailing distance: exactly one of the two is not 0. */
export interface Trail {
  percent: number;
  amount: number;
}

/** The legs that a lot gets when the order fills. */
export interface Legs {
  stopLoss: Level | null;
  takeProfit: Level | null;
  trail: Trail | null;
}

/** An order that waits for its fill. Plain JSON values, since it is part of a checkpoint. */
export interface WorkingOrder {
  id: number;
  /** Place of the symbol in the dataset. */
  symbol: number;
  side: 1 | -1;
  type: OrderType;
  when: FillTime;
  /** Null: as `account.sizing` says, after closing what is held against it. */
  size: OrderSize | null;
  /** Units already filled. */
  filled: number;
  limit: number | null;
  stop: number | null;
  trail: Trail | null;
  /** Highest (of a sale) or lowest (of a buy) price that a trailing order follows. */
  best: number | null;
  /** A stop that was touched: what is left of it is a market order, or a limit order. */
  triggered: boolean;
  legs: Legs | null;
  reduceOnly: boolean;
  lot: number | null;
  oco: string | null;
  tag: number;
  placedBar: number;
  /** It has waited through a bar of its symbol, so a limit order is a maker. */
  rested: boolean;
  /** Bars of its symbol that it may still fill in; null without an end. */
  barsLeft: number | null;
  /** A day order; `day` is that of its first bar, null before it. */
  dayOnly: boolean;
  day: number | null;
}

type Required = 'id' | 'symbol' | 'side' | 'size' | 'placedBar';

/** A market order for the next open, unless `fields` say otherwise. */
export function newOrder(fields: Pick<WorkingOrder, Required> & Partial<WorkingOrder>): WorkingOrder {
  return {
    type: 'market',
    when: 'open',
    filled: 0,
    limit: null,
    stop: null,
    trail: null,
    best: null,
    triggered: false,
    legs: null,
    reduceOnly: false,
    lot: null,
    oco: null,
    tag: 0,
    rested: false,
    barsLeft: null,
    dayOnly: false,
    day: null,
    ...fields,
  };
}

/** A part of a position with an entry, and perhaps a bracket, of its own. Plain JSON values. */
export interface Lot {
  id: number;
  /** The order that opened it. */
  order: number;
  symbol: number;
  /** Signed: negative is short. Never 0. */
  units: number;
  entryBar: number;
  entryPrice: number;
  /** Account currency for one unit of the instrument's currency at the entry. */
  entryRate: number;
  entryFee: number;
  /** Dividends received (a short's are negative), in account currency. */
  income: number;
  /** Highest and lowest price since the entry, the fill itself included. */
  high: number;
  low: number;
  stopLoss: number | null;
  takeProfit: number | null;
  trail: Trail | null;
  /** Best price that the trailing stop follows. */
  best: number;
  /** First bar that the lot is held through as a whole: its bracket works from there on. */
  liveFrom: number;
  /** Code of the exit reason of a stop that was touched, where volume has left a part of the lot. */
  exiting: number | null;
  tag: number;
}

/** Weights on their way: those whose symbol had no bar yet. */
export interface Target {
  id: number;
  weights: [symbol: number, weight: number][];
  placedBar: number;
}
