import { describe, expect, it } from 'vitest';
import { exitReasonCode, type TradeBlock } from '../../shared/series.ts';
import { readReference, readReferenceMetrics } from '../../test/fixtures/oracles.ts';
import { tradeBlock, type Trade } from '../trade-log.ts';
import { createTradeFigures } from './trades.ts';

const closed = { symbol: 0, entryTs: 0, entryBar: 0, exitTs: 0, exitBar: 0, mae: 0, mfe: 0, entryTag: 0, exitReason: exitReasonCode('signal') };

function blockOf(rows: Pick<Trade, 'size' | 'entryPrice' | 'exitPrice' | 'pnl' | 'fees'>[], rest: Partial<Trade> = {}): TradeBlock {
  return tradeBlock(rows.map((row) => ({ ...closed, ...row, ...rest })));
}

function figuresOf(...blocks: TradeBlock[]) {
  const figures = createTradeFigures();
  for (const block of blocks) figures.add(block);
  return figures.finish();
}

/** A trade of one unit bought at 100 with this profit. */
const withProfit = (pnl: number) => ({ size: 1, entryPrice: 100, exitPrice: 100 + pnl, pnl, fees: 0 });

describe('trade figures', () => {
  it('are those of the reference run 01', () => {
    const reference = readReferenceMetrics();
    const expected = (name: string) => reference.get(`trades01.${name}`)!.value;
    const figures = figuresOf(blockOf(readReference('01_aapl_sma5_20_long').trades));
    expect(figures.winRate).toBeCloseTo(expected('winRate'), 12);
    expect(figures.profitFactor).toBeCloseTo(expected('profitFactorMoney'), 11);
    expect(figures.payoffRatio).toBeCloseTo(expected('payoff'), 11);
    expect(figures.expectancy).toBeCloseTo(expected('expectancyPct') / 100, 12);
    expect(figures.avgTrade / expected('expectancyMoney')).toBeCloseTo(1, 11);
    expect(figures.bestTrade).toBeCloseTo(expected('bestReturnPct') / 100, 12);
    expect(figures.worstTrade).toBeCloseTo(expected('worstReturnPct') / 100, 12);
    expect(figures.fees / expected('feesPaid')).toBeCloseTo(1, 11);
  });

  it('count the longest rows of wins and losses; a trade without profit or loss ends both', () => {
    const { longestWin, longestLoss, winRate, trades } = figuresOf(blockOf([1, 2, -1, -2, -3, 0, -1, 5].map(withProfit)));
    expect({ longestWin, longestLoss, winRate, trades }).toEqual({ longestWin: 2, longestLoss: 3, winRate: 3 / 8, trades: 8 });
  });

  it('take the return of a short against its entry money', () => {
    const figures = figuresOf(blockOf([{ size: -2, entryPrice: 50, exitPrice: 40, pnl: 20, fees: 0 }]));
    expect(figures).toMatchObject({ bestTrade: 0.2, worstTrade: 0.2, expectancy: 0.2, traded: 180 });
  });

  it('count a position that is still open with its entry only', () => {
    const open = blockOf([{ size: 3, entryPrice: 10, exitPrice: 99, pnl: 250, fees: 2 }], { exitReason: exitReasonCode('end') });
    expect(figuresOf(blockOf([withProfit(-5)]), open)).toMatchObject({ trades: 1, winRate: 0, fees: 2, traded: 195 + 30 });
  });

  it('are undefined without trades', () => {
    expect(figuresOf()).toMatchObject({ trades: 0, winRate: NaN, expectancy: NaN, longestWin: 0, fees: 0 });
  });
});
