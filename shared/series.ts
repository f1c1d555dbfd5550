import { EXIT_REASONS, type ExitReason } from './run.ts';

/** A point of the equity curve, marked at the close of its bar: time in ms, money in account currency, exposure as gross value over equity. */
export const CURVE_COLUMNS = ['ts', 'equity', 'cash', 'exposure'] as const;

/** What the finished curve adds: the fall from the peak so far (≤ 0), and the benchmark bought with all the starting cash (NaN without one). */
export const FINISHED_CURVE_COLUMNS = [...CURVE_COLUMNS, 'drawdown', 'benchmark'] as const;

/**
 * Trades as columns. `symbol` and `exitReason` are positions in their lists; a position still open when the data end is
 * listed with `exitReason` "end", marked at the last close and without an exit fee. `mae` and `mfe` are the worst and best price
 * moves against entry while it was open, as fractions.
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
  'pnl',
  'fees',
  'mae',
  'mfe',
  'exitReason',
] as const;

export type CurveBlock = Record<(typeof CURVE_COLUMNS)[number], Float64Array>;
export type FinishedCurveBlock = Record<(typeof FINISHED_CURVE_COLUMNS)[number], Float64Array>;
export type TradeBlock = Record<(typeof TRADE_COLUMNS)[number], Float64Array>;

/** Code of an exit reason in {@link TradeBlock}. */
export function exitReasonCode(reason: ExitReason): number {
  return EXIT_REASONS.indexOf(reason);
}

export type EndReason = 'end-of-data' | 'bankrupt' | 'interrupted';
