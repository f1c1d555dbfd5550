import { TRADE_COLUMNS, type TradeBlock } from '../shared/series.ts';
import { excursions, type Position } from './position.ts';

type TradeColumn = keyof TradeBlock;
export type Trade = Record<TradeColumn, number>;

export interface Exit {
  bar: number;
  price: number;
  fee: number;
  /** Code of {@link exitReasonCode}. */
  reason: number;
}

/**
 * The row of a position that was closed, or marked, by `exit`: pnl = units × (exit price − entry price) − both fees, in account currency.
 * `ts` are the times of all bars.
 */
export function tradeOf(position: Position, exit: Exit, ts: Float64Array): Trade {
  const fees = position.entryFee + exit.fee;
  const { mae, mfe } = excursions(position);
  return {
    symbol: 0,
    size: position.units,
    entryTs: ts[position.entryBar]!,
    entryPrice: position.entryPrice,
    entryBar: position.entryBar,
    exitTs: ts[exit.bar]!,
    exitPrice: exit.price,
    exitBar: exit.bar,
    pnl: position.units * (exit.price - position.entryPrice) - fees,
    fees,
    mae,
    mfe,
    exitReason: exit.reason,
  };
}

/** Trades as columns, in the given order. */
export function tradeBlock(trades: readonly Trade[]): TradeBlock {
  const columns = Object.fromEntries(TRADE_COLUMNS.map((name) => [name, new Float64Array(trades.length)])) as TradeBlock;
  for (const name of TRADE_COLUMNS) {
    const column = columns[name];
    for (let i = 0; i < trades.length; i++) column[i] = trades[i]![name];
  }
  return columns;
}
