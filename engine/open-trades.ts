import type { Bars } from '../shared/bars.ts';
import { exitReasonCode, type TradeBlock } from '../shared/series.ts';
import { takeRows } from './columns.ts';
import type { SimulationState } from './simulation.ts';
import { appendTrade, createTradeLog } from './trade-log.ts';

/**
 * The positions that are still open, marked at the close of the last simulated bar: exit reason "end", no exit fee and no slippage, so
 * that starting cash + the pnl of all trades is the last equity.
 */
export function openTrades(state: SimulationState, bars: Bars): TradeBlock {
  const log = createTradeLog();
  const bar = state.bar - 1;
  if (state.position !== null) {
    appendTrade(log, state.position, { bar, price: bars.close[bar]!, fee: 0, reason: exitReasonCode('end') }, bars.ts);
  }
  return takeRows(log);
}
