import { ORDER_REASONS, ORDER_STATUSES, ORDER_TYPES, type OrderReason, type OrderStatus, type OrderType } from './orders.ts';
import { EXIT_REASONS, type ExitReason } from './run.ts';

/** A point of the equity curve, marked at the close of its bar: time in ms, money in account currency, exposure as gross value over equity. */
export const CURVE_COLUMNS = ['ts', 'equity', 'cash', 'exposure'] as const;

/** What the finished curve adds: the fall from the peak so far (≤ 0), and the benchmark bought with all the starting cash (NaN without one). */
export const FINISHED_CURVE_COLUMNS = [...CURVE_COLUMNS, 'drawdown', 'benchmark'] as const;

/**
 * Trades as columns. `symbol` and `exitReason` are positions in their lists; a position still open when the data end is
 * listed with `exitReason` "end", marked at the last close and without an exit fee. `mae` and `mfe` are the worst and best price
 * moves against entry while it was open, as fractions. `entryValue` and `exitValue` are the money that the fills moved, in account currency: units × price ×
 * multiplier × rate. `entryTag` is a position in the run's list of tags, whose first is the empty one.
 */
export const TRADE_COLUMNS = [
  'symbol',
  'size',
  'entryTs',
  'entryPrice',
  'entryBar',
  'exitTs',
  'exitPrice',
  'exitBar',
  'entryValue',
  'exitValue',
  'pnl',
  'fees',
  'mae',
  'mfe',
  'entryTag',
  'exitReason',
] as const;

/**
 * The order log: a row for every event that ends an order or fills a part of it. `bar` is where it happened, `order` the number that the run gave
 * the order (for a leg of a bracket the number of the order that it belongs to, 0 for what was closed by force), `side` 1 for a buy and -1 for a sale, `size` what was asked for in units (NaN where the size was never decided), `price` the order's
 * own price (the stop of a stop-limit; NaN for a market order), `filledSize` the units of this event, `filledPrice` their price (NaN where nothing
 * was filled), `fee` in account currency. `symbol`, `type`, `status` and `reason` are positions in their lists.
 */
export const ORDER_COLUMNS = [
  'ts',
  'bar',
  'symbol',
  'order',
  'type',
  'side',
  'size',
  'price',
  'status',
  'filledSize',
  'filledPrice',
  'fee',
  'reason',
] as const;

/**
 * Values that a strategy noted: the time of the bar, the place of the name in the run's list of plots, that of the symbol in the spec, and the value. They
 * stand in the order of the bars.
 */
export const PLOT_COLUMNS = ['ts', 'name', 'symbol', 'value'] as const;

export type PlotBlock = Record<(typeof PLOT_COLUMNS)[number], Float64Array>;
export type OrderBlock = Record<(typeof ORDER_COLUMNS)[number], Float64Array>;
export type CurveBlock = Record<(typeof CURVE_COLUMNS)[number], Float64Array>;
export type FinishedCurveBlock = Record<(typeof FINISHED_CURVE_COLUMNS)[number], Float64Array>;
export type TradeBlock = Record<(typeof TRADE_COLUMNS)[number], Float64Array>;

/** Code of an exit reason in {@link TradeBlock}. */
export function exitReasonCode(reason: ExitReason): number {
  return EXIT_REASONS.indexOf(reason);
}

/** Codes in {@link OrderBlock}. */
export const orderCode = {
  type: (type: OrderType): number => ORDER_TYPES.indexOf(type),
  status: (status: OrderStatus): number => ORDER_STATUSES.indexOf(status),
  reason: (reason: OrderReason): number => ORDER_REASONS.indexOf(reason),
};

/** A line that a strategy wrote at the close of a bar. */
export interface LogLine {
  bar: number;
  message: string;
}

/** What a run said in words: the tags that `entryTag` counts in, and the lines of its log with their times. */
export interface RunWords {
  tags: readonly string[];
  lines: readonly (LogLine & { ts: number })[];
  /** What the names of {@link PlotBlock} count in; absent where nothing was noted. */
  plotNames?: readonly string[];
}

/** The lines that some bars logged, with their times; `curve` holds the points of the bars from `fromBar` on. */
export function timedLines(part: { fromBar: number; curve: CurveBlock; logs: readonly LogLine[] }): RunWords['lines'][number][] {
  return part.logs.map((line) => ({ ...line, ts: part.curve.ts[line.bar - part.fromBar]! }));
}

export type EndReason = 'end-of-data' | 'bankrupt' | 'interrupted';
