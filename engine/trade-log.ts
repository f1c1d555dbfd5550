import { TRADE_COLUMNS, type TradeBlock } from '../shared/series.ts';
import { createColumnLog, reserve, takeRows, type ColumnLog } from './columns.ts';
import { excursions, type Position } from './position.ts';

export type Trade = Record<keyof TradeBlock, number>;
export type TradeLog = ColumnLog<keyof TradeBlock>;

export interface Exit {
  bar: number;
  price: number;
  fee: number;
  /** Code of {@link exitReasonCode}. */
  reason: number;
  /** Account currency for one unit of the instrument's currency. */
  rate?: number;
  multiplier?: number;
}

/** What a lot of the general simulation has beside a position. */
interface Extras {
  symbol?: number;
  entryRate?: number;
  income?: number;
  tag?: number;
}

/**
 * The row of a position that was closed, or marked, by `exit`: pnl = units × multiplier × (exit price × its rate − entry price × its rate) −
 * both fees + dividends, in account currency. `ts` are the times of all bars.
 */
export function tradeOf(position: Position & Extras, exit: Exit, ts: Float64Array): Trade {
  const fees = position.entryFee + exit.fee;
  const { mae, mfe } = excursions(position);
  const { symbol = 0, entryRate = 1, income = 0, tag = 0 } = position;
  const { rate = 1, multiplier = 1 } = exit;
  return {
    symbol,
    size: position.units,
    entryTs: ts[position.entryBar]!,
    entryPrice: position.entryPrice,
    entryBar: position.entryBar,
    exitTs: ts[exit.bar]!,
    exitPrice: exit.price,
    exitBar: exit.bar,
    entryValue: Math.abs(position.units) * multiplier * position.entryPrice * entryRate,
    exitValue: Math.abs(position.units) * multiplier * exit.price * rate,
    // Adding 0 keeps -0 out, for a short that came to nothing.
    pnl: position.units * multiplier * (exit.price * rate - position.entryPrice * entryRate) - fees + income + 0,
    fees,
    mae,
    mfe,
    entryTag: tag,
    exitReason: exit.reason,
  };
}

export function createTradeLog(): TradeLog {
  return createColumnLog(TRADE_COLUMNS);
}

/** Written out column by column: a loop over their names takes ten times as long, and this is most of what a trade costs. */
export function appendTrade(log: TradeLog, trade: Trade): void {
  reserve(log, 1);
  const { columns, length } = log;
  columns.symbol[length] = trade.symbol;
  columns.size[length] = trade.size;
  columns.entryTs[length] = trade.entryTs;
  columns.entryPrice[length] = trade.entryPrice;
  columns.entryBar[length] = trade.entryBar;
  columns.exitTs[length] = trade.exitTs;
  columns.exitPrice[length] = trade.exitPrice;
  columns.exitBar[length] = trade.exitBar;
  columns.entryValue[length] = trade.entryValue;
  columns.exitValue[length] = trade.exitValue;
  columns.pnl[length] = trade.pnl;
  columns.fees[length] = trade.fees;
  columns.mae[length] = trade.mae;
  columns.mfe[length] = trade.mfe;
  columns.entryTag[length] = trade.entryTag;
  columns.exitReason[length] = trade.exitReason;
  log.length++;
}

/** Trades as columns, in the given order. */
export function tradeBlock(trades: readonly Trade[]): TradeBlock {
  const log = createTradeLog();
  for (const trade of trades) appendTrade(log, trade);
  return takeRows(log);
}
