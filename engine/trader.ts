import type { OrderType } from '../shared/orders.ts';

/** What a module or a trader remembers between bars: part of a checkpoint, so plain JSON values without NaN, infinities or -0. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * What decides in the general simulation: asked once at the close of each bar, with everything that is known then and nothing later.
 * It may keep variables of its own only if `memory` returns all of them and `recall` brings them back.
 */
export interface Trader {
  /** First bar (0-based, of the merged timeline) at whose close it is asked. */
  readonly firstDecision: number;
  decide(context: TraderContext): void;
  memory?(): Json;
  /** Called once, before the first decision after a checkpoint. */
  recall?(memory: Json): void;
}

/** A distance from a price: a fraction of it, or money. */
export type Distance = { readonly percent: number } | { readonly amount: number };

/** A price, or a distance from the price of the entry. */
export type Level = number | Distance;

/** What leaves a lot by itself. The legs cancel each other; where one bar touches a stop and the target, the stop is taken. */
export interface Bracket {
  stopLoss?: Level | undefined;
  takeProfit?: Level | undefined;
  /** Distance of a stop that follows the best price of completed bars. */
  trailingStop?: Distance | undefined;
}

/**
 * How much: units, or a share of the free money (of what is held, for an order that only reduces), or money with fees. Left out: as
 * `account.sizing` says. Decided at the fill.
 */
export type OrderSize = number | { readonly fraction: number } | { readonly cash: number };

/** How long an order that does not fill stays: until it is cancelled, to the end of the day of its first bar, or for the next so many bars. */
type OrderLife = 'cancelled' | 'day' | { readonly bars: number };

export interface OrderRequest extends Bracket {
  /** Left out: the only symbol there is. */
  symbol?: string | undefined;
  side: 'buy' | 'sell';
  size?: OrderSize | undefined;
  /** Left out: what the prices say, e.g. `stop` and `limit` make a stop-limit. */
  type?: OrderType | undefined;
  limit?: number | undefined;
  stop?: number | undefined;
  /** Of a trailing-stop order: its distance from the best price since it was placed. */
  trail?: Distance | undefined;
  /** Only at the next open or close: a limit order that its price does not fill there expires. Not for stops. */
  at?: 'open' | 'close' | undefined;
  until?: OrderLife | undefined;
  /** Only closes what is open, and never more. */
  reduceOnly?: boolean | undefined;
  /** With `reduceOnly`: the lot to close; left out, the oldest first. */
  lot?: number | undefined;
  /** Orders of one group cancel each other when one of them fills, in part too. */
  oco?: string | undefined;
  /** A word for the trade list; it ends up in `entryTag`. */
  tag?: string | undefined;
}

/** A lot as a trader sees it. `size` is signed: negative is short. */
export interface LotView {
  readonly id: number;
  /** Number of the order that opened it. */
  readonly order: number;
  readonly size: number;
  readonly entryBar: number;
  readonly entryPrice: number;
  readonly stopLoss: number | null;
  readonly takeProfit: number | null;
  readonly tag: string;
}

/** A working order as a trader sees it. */
export interface OrderView {
  readonly id: number;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: OrderType;
  readonly limit: number | null;
  readonly stop: number | null;
  readonly placedBar: number;
  readonly reduceOnly: boolean;
  readonly tag: string;
}

/** One symbol up to now. Prices of `ago` bars of its own ago; NaN before its first bar. */
export interface SymbolView {
  readonly name: string;
  /** Its place in the dataset. */
  readonly index: number;
  /** Row of its last bar in its own columns; -1 before the first. */
  readonly row: number;
  /** False where it has no bar at this time. */
  readonly trading: boolean;
  readonly tradable: boolean;
  /** False where it is not in the universe of the run now, and so cannot be entered. */
  readonly member: boolean;
  open(ago?: number): number;
  high(ago?: number): number;
  low(ago?: number): number;
  close(ago?: number): number;
  volume(ago?: number): number;
  /** A further column of the data, such as a user's own signal. Throws `strategy_failed` for a name that is not there. */
  extra(name: string, ago?: number): number;
  /** Units held, signed; longs less shorts. */
  readonly position: number;
  readonly lots: readonly LotView[];
}

/**
 * What a trader sees and may ask for at the close of a bar. Orders work from the next bar on (market orders by `account.fill`). An order
 * that cannot be is not thrown back: it gets a number and a row `rejected` with the reason in the order log.
 */
export interface TraderContext {
  /** Bar of the merged timeline, 0-based. */
  readonly bar: number;
  /** Milliseconds since 1970 at which the bar opened. */
  readonly time: number;
  /** In account currency. */
  readonly cash: number;
  readonly equity: number;
  readonly symbols: readonly SymbolView[];
  /** Throws `unknown_symbol` for a name that is not in the dataset; without a name, the first one. */
  symbol(name?: string): SymbolView;
  readonly orders: readonly OrderView[];
  /** Each returns the number of the order. */
  buy(request?: Omit<OrderRequest, 'side'>): number;
  sell(request?: Omit<OrderRequest, 'side'>): number;
  order(request: OrderRequest): number;
  /** Closes a position, a lot, or `size` units of either, by a market order that comes before any other. */
  close(what?: { symbol?: string | undefined; lot?: number | undefined; size?: number | undefined; tag?: string | undefined }): number;
  /** Cancels an order by its number, those of a symbol, or all. */
  cancel(what?: number | string): void;
  /** Changes the bracket of a lot, from the next bar on; null takes a leg away. */
  protect(lot: number, bracket: { stopLoss?: Level | null; takeProfit?: Level | null; trailingStop?: Distance | null }): void;
  /**
   * Brings each named symbol to this share of the equity (negative: short), valued at the prices of the fill; sells come before buys. A symbol
   * without a bar then waits for its next one. Replaces what is left of the last target; symbols that are not named stay as they are.
   */
  target(weights: Readonly<Record<string, number>>): void;
  /** Uniform in [0, 1), the same in every run with this seed. */
  random(): number;
  /** A line for the run's log. */
  log(message: string): void;
  /** Notes a value of this bar, to be seen beside its prices; of the first symbol, unless it is named. */
  plot(name: string, value: number, symbol?: string): void;
}
