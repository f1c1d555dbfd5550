import { TRADE_COLUMNS, type TradeBlock } from '../shared/series.ts';
import { createColumnLog, reserve, type ColumnLog } from './columns.ts';
import type { Position } from './position.ts';

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

export function createTradeLog(): TradeLog {
  return createColumnLog(TRADE_COLUMNS);
}

/**
 * Adds the row of a position that was closed, or marked, by `exit`: pnl = units × multiplier × (exit price × its rate − entry price × its rate) −
 * both fees + dividends, in account currency; `mae` ≤ 0 and `mfe` ≥ 0 are the worst and the best move of the price against the entry, as fractions of
 * the entry price. `ts` are the times of all bars. Written out column by column: a loop over their names takes ten times as long, and a row that is an
 * object leaves a number for each field to the collector.
 */
export function appendTrade(log: TradeLog, position: Position & Extras, exit: Exit, ts: Float64Array): void {
  reserve(log, 1);
  const { columns, length } = log;
  const { units, entryPrice, symbol = 0, entryRate = 1, income = 0, tag = 0 } = position;
  const { rate = 1, multiplier = 1 } = exit;
  const fees = position.entryFee + exit.fee;
  const up = position.high / entryPrice - 1;
  const down = position.low / entryPrice - 1;
  columns.symbol[length] = symbol;
  columns.size[length] = units;
  columns.entryTs[length] = ts[position.entryBar]!;
  columns.entryPrice[length] = entryPrice;
  columns.entryBar[length] = position.entryBar;
  columns.exitTs[length] = ts[exit.bar]!;
  columns.exitPrice[length] = exit.price;
  columns.exitBar[length] = exit.bar;
  columns.entryValue[length] = Math.abs(units) * multiplier * entryPrice * entryRate;
  columns.exitValue[length] = Math.abs(units) * multiplier * exit.price * rate;
  // Adding 0 keeps -0 out, for a short that came to nothing; so does subtracting from 0.
  columns.pnl[length] = units * multiplier * (exit.price * rate - entryPrice * entryRate) - fees + income + 0;
  columns.fees[length] = fees;
  columns.mae[length] = units > 0 ? down : 0 - up;
  columns.mfe[length] = units > 0 ? up : 0 - down;
  columns.entryTag[length] = tag;
  columns.exitReason[length] = exit.reason;
  log.length++;
}
