import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { exitReasonCode, type TradeBlock } from '../../shared/series.ts';
import { MetricSpec } from '../../shared/spec.ts';
import { tradeBlock, type Trade } from '../../test/fixtures/trades.ts';
import { createTradeFigures } from './trades.ts';

const closed = {
  symbol: 0,
  entryTs: 0,
  entryBar: 0,
  exitTs: 0,
  exitBar: 0,
  mae: 0,
  mfe: 0,
  entryTag: 0,
  exitReason: exitReasonCode('signal'),
};

type Row = Pick<Trade, 'size' | 'entryPrice' | 'exitPrice' | 'pnl' | 'fees'>;

/** Trades of an instrument without a multiplier, in the account's currency. */
function blockOf(rows: Row[], rest: Partial<Trade> = {}): TradeBlock {
  const moved = ({ size, entryPrice, exitPrice }: Row) => ({
    entryValue: Math.abs(size) * entryPrice,
    exitValue: Math.abs(size) * exitPrice,
  });
  return tradeBlock(rows.map((row) => ({ ...closed, ...moved(row), ...row, ...rest })));
}

function figuresOf(...blocks: TradeBlock[]) {
  return figuresBy({}, ...blocks);
}

function figuresBy(conventions: MetricSpecInput, ...blocks: TradeBlock[]) {
  const figures = createTradeFigures(MetricSpec.parse(conventions));
  for (const block of blocks) figures.add(block);
  return figures.finish();
}

type MetricSpecInput = z.input<typeof MetricSpec>;

/** A trade of one unit bought at 100 with this profit. */
const withProfit = (pnl: number) => ({ size: 1, entryPrice: 100, exitPrice: 100 + pnl, pnl, fees: 0 });

describe('trade figures', () => {
  it('count the longest rows of wins and losses; a trade without profit or loss ends both', () => {
    const { longestWin, longestLoss, winRate, trades } = figuresOf(blockOf([1, 2, -1, -2, -3, 0, -1, 5].map(withProfit)));
    expect({ longestWin, longestLoss, winRate, trades }).toEqual({ longestWin: 2, longestLoss: 3, winRate: 3 / 8, trades: 8 });
  });

  it('take the return of a short against its entry money', () => {
    const figures = figuresOf(blockOf([{ size: -2, entryPrice: 50, exitPrice: 40, pnl: 20, fees: 0 }]));
    expect(figures).toMatchObject({ bestTrade: 0.2, worstTrade: 0.2, expectancy: 0.2, traded: 180 });
  });

  it('go by the money that the fills moved, whatever the multiplier and the currency', () => {
    const contract = { size: 2, entryPrice: 4000, exitPrice: 4100, pnl: 9000, fees: 0 };
    const figures = figuresOf(blockOf([contract], { entryValue: 360_000, exitValue: 369_000 }));
    expect(figures).toMatchObject({ expectancy: 0.025, traded: 729_000 });
  });

  it('count a position that is still open with its entry only', () => {
    const open = blockOf([{ size: 3, entryPrice: 10, exitPrice: 99, pnl: 250, fees: 2 }], { exitReason: exitReasonCode('end') });
    expect(figuresOf(blockOf([withProfit(-5)]), open)).toMatchObject({ trades: 1, winRate: 0, fees: 2, traded: 195 + 30 });
  });

  it('have a system quality number and a Kelly fraction', () => {
    // Profits 3, -1, 2, 4: mean 2, squared deviations 1 + 9 + 0 + 4 = 14; three wins of 3 on average against a loss of 1.
    const trades = blockOf([3, -1, 2, 4].map(withProfit));
    expect(figuresOf(trades).sqn).toBeCloseTo((2 * 2) / Math.sqrt(14 / 3), 14);
    expect(figuresBy({ ddof: 0 }, trades).sqn).toBeCloseTo((2 * 2) / Math.sqrt(14 / 4), 14);
    expect(figuresOf(trades).kelly).toBeCloseTo(0.75 - 0.25 / 3, 14);
    expect(figuresOf(blockOf([5, 5].map(withProfit))).sqn).toBe(Infinity);
  });

  it('have a profit factor of money, or of returns where that is asked for', () => {
    // 10 won on 100 and 10 lost on 50.
    const trades = blockOf([withProfit(10), { ...withProfit(-10), entryPrice: 50 }]);
    expect(figuresOf(trades).profitFactor).toBe(1);
    expect(figuresBy({ profitFactor: 'returns' }, trades).profitFactor).toBe(0.5);
  });

  it('are undefined without trades', () => {
    expect(figuresOf()).toMatchObject({ trades: 0, winRate: NaN, expectancy: NaN, longestWin: 0, fees: 0 });
  });
});
