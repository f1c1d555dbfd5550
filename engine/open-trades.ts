import type { Bars } from '../shared/bars.ts';
import { exitReasonCode, type TradeBlock } from '../shared/series.ts';
import type { SimulationState } from './simulation.ts';
import { tradeBlock, tradeOf } from './trade-log.ts';

/**
 * The positions that are still open, marked at the close of the last simulated bar: exit reason "end", no exit fee and no slippage, so
 * that starting cash + the pnl of all trades is the last equity.
 */
export function openTrades(state: SimulationState, bars: Bars): TradeBlock {
  if (state.position === null) return tradeBlock([]);
  const bar = state.bar - 1;
  return tradeBlock([tradeOf(state.position, { bar, price: bars.close[bar]!, fee: 0, reason: exitReasonCode('end') }, bars.ts)]);
}
