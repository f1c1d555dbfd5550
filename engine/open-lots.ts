import { exitReasonCode, type TradeBlock } from '../shared/series.ts';
import { takeRows } from './columns.ts';
import { createMarket } from './broker/market.ts';
import { resolveInstruments } from './instrument.ts';
import type { PortfolioInput } from './portfolio-simulation.ts';
import type { PortfolioState } from './portfolio-state.ts';
import { appendTrade, createTradeLog } from './trade-log.ts';

/**
 * The lots that are still open, marked at the last closes: exit reason "end", no exit fee and no slippage, so that starting cash + the pnl of
 * all trades − interest is the last equity.
 */
export function openLots(
  state: PortfolioState,
  { bars, timeline, account, instruments }: Pick<PortfolioInput, 'bars' | 'timeline' | 'account' | 'instruments'>,
): TradeBlock {
  const market = createMarket(bars, resolveInstruments(bars, account, instruments), timeline);
  market.seek(state.bar);
  const reason = exitReasonCode('end');
  const log = createTradeLog();
  for (const lot of state.lots.flat()) {
    const { multiplier } = market.instruments[lot.symbol]!;
    const exit = { bar: state.bar - 1, price: market.prices[lot.symbol]!, fee: 0, reason, rate: market.rateOf(lot.symbol), multiplier };
    appendTrade(log, lot, exit, market.times);
  }
  return takeRows(log);
}
