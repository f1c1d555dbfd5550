import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Bars, CorporateActions } from '../../shared/bars.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import { play } from '../../test/fixtures/played.ts';
import type { TraderContext } from '../trader.ts';

const day = (bar: number): number => Date.UTC(2024, 0, 1) + bar * 86_400_000;

function actionsOf(splits: [bar: number, ratio: number][], dividends: [bar: number, amount: number][] = []): CorporateActions {
  const column = (rows: [number, number][], index: 0 | 1) => Float64Array.from(rows, (row) => (index === 0 ? day(row[0]) : row[1]));
  return {
    splits: { ts: column(splits, 0), ratio: column(splits, 1) },
    dividends: { ts: column(dividends, 0), amount: column(dividends, 1) },
  };
}

const buyTen = (c: TraderContext) => void c.buy({ size: 10 });

describe('a split', () => {
  it('changes units and prices of lots and brackets, and no money', () => {
    const bars = { ...barsOf([100, [100, 102, 99, 100], [50, 52, 49.8, 51], 51]), actions: actionsOf([[2, 2]]) };
    const script = { 0: (c: TraderContext) => void c.buy({ size: 10, stopLoss: 90, takeProfit: 120, trailingStop: { amount: 8 } }) };
    const { equity, state, trades } = play(script, { bars: [bars] });
    expect(equity).toEqual([10_000, 10_000, 10_020, 10_020]);
    expect(trades).toEqual([]);
    expect(state.lots[0]).toMatchObject([
      { units: 20, entryPrice: 50, stopLoss: 45, takeProfit: 60, trail: { amount: 4 }, best: 52, high: 52, low: 49.5 },
    ]);
  });

  it('changes size and prices of orders that rest', () => {
    const bars = { ...barsOf([100, 100, [50, 51, 47, 50]]), actions: actionsOf([[2, 2]]) };
    const { orders } = play({ 0: (c) => c.buy({ size: 5, limit: 96, stopLoss: 80 }) }, { bars: [bars] });
    expect(orders).toMatchObject([{ bar: 2, price: 48, size: 10, filledSize: 10, filledPrice: 48 }]);
  });

  it('cuts a fraction of a step off an order that rests, and refuses what is less than one', () => {
    const bars = { ...barsOf([100, 100, [200, 202, 190, 200]]), actions: actionsOf([[2, 0.5]]) };
    const { orders } = play({ 0: (c) => [c.buy({ size: 5, limit: 96 }), c.buy({ size: 1, limit: 96 })] }, { bars: [bars] });
    expect(orders).toMatchObject([
      { bar: 2, size: 0, status: 'rejected', reason: 'below_lot' },
      { bar: 2, price: 192, size: 2, filledSize: 2, filledPrice: 192 },
    ]);
  });

  it('the other way round may leave a fraction of a unit, which keeps its worth', () => {
    const bars = { ...barsOf([100, 100, 300]), actions: actionsOf([[2, 1 / 3]]) };
    const { equity, state } = play({ 0: buyTen }, { bars: [bars] });
    expect(state.lots[0]![0]!.units).toBeCloseTo(10 / 3, 12);
    expect(equity[2]).toBeCloseTo(10_000, 9);
  });

  it('on a day without a bar takes effect before the next one', () => {
    const bars = {
      ...barsOf([100, 100, 50]),
      actions: { ...actionsOf([]), splits: { ts: Float64Array.of(day(1) + 1), ratio: Float64Array.of(2) } },
    };
    expect(play({ 0: buyTen }, { bars: [bars] }).equity[2]).toBe(10_000);
  });
});

describe('a dividend', () => {
  const rows = [100, 100, 98, 98];

  it('is paid to who held at the close before the ex date, and is part of the profit of the trade', () => {
    const bars = { ...barsOf(rows), actions: actionsOf([], [[2, 2]]) };
    const { cash, equity, trades, state } = play({ 0: buyTen, 2: (c) => c.close() }, { bars: [bars] });
    expect(cash).toEqual([10_000, 9000, 9020, 10_000]);
    expect(equity).toEqual([10_000, 10_000, 10_000, 10_000]);
    expect(trades).toMatchObject([{ pnl: 0, entryPrice: 100, exitPrice: 98 }]);
    expect(state.totals.dividends).toBe(20);
  });

  it('is not paid to who buys at the open of the ex date, and is owed by shorts', () => {
    const bars = { ...barsOf(rows), actions: actionsOf([], [[2, 2]]) };
    expect(play({ 1: buyTen }, { bars: [bars] }).cash[2]).toBe(10_000 - 980);
    expect(play({ 0: (c) => c.sell({ size: 10 }) }, { bars: [bars] }).equity[2]).toBe(10_000);
  });

  it('of a day with a split is for a share of after it', () => {
    const bars = { ...barsOf([100, 100, 49]), actions: actionsOf([[2, 2]], [[2, 1]]) };
    expect(play({ 0: buyTen }, { bars: [bars] }).equity[2]).toBe(10_000);
  });

  it('that is reinvested buys units at the close of the ex date, with what is still held then', () => {
    const bars = { ...barsOf([100, 100, [98, 99, 95, 96], 96]), actions: actionsOf([], [[2, 3]]) };
    const account = { dividends: 'reinvest' } as const;
    const { cash, equity, state } = play({ 0: buyTen }, { bars: [bars], account });
    // 30 of dividends at 96: 10 × (1 + 3 / 96) units.
    expect(cash[2]).toBe(9000);
    expect(state.lots[0]![0]!.units).toBeCloseTo(10.3125, 12);
    expect(equity[2]).toBeCloseTo(9990, 9);
    const sold = play({ 0: buyTen, 1: (c) => c.close({ size: 4 }) }, { bars: [bars], account });
    expect(sold.cash[2]).toBeCloseTo(9000 + 4 * 98 + 4 * 3, 9);
    expect(sold.state.lots[0]![0]!.units).toBeCloseTo(6 * 1.03125, 12);
    expect(play({ 1: buyTen }, { bars: [bars], account }).state.lots[0]![0]!.units).toBe(10);
  });
});

const SAMPLE = path.join(import.meta.dirname, '../../market-data/sample');

/**
 * Raw bars of the bundled sample with the actions that its adjusted closes imply: they grow by ratio × (close + dividend) / close of the day before.
 */
function sampleOf(symbol: string): { raw: Bars; adjusted: Bars } {
  const text = gunzipSync(readFileSync(path.join(SAMPLE, 'stocks.csv.gz'))).toString();
  const rows = text
    .split('\n')
    .map((line) => line.trim().split(','))
    .filter(([ticker]) => ticker === symbol);
  const known =
    (JSON.parse(readFileSync(path.join(SAMPLE, 'splits.json'), 'utf8')) as Record<string, { date: string; ratio: number }[]>)[symbol] ?? [];
  const column = (index: number) => Float64Array.from(rows, (row) => Number(row[index]));
  const ts = Float64Array.from(rows, (row) => Date.parse(row[1]!));
  const [open, high, low, close, volume, adjustedClose] = [2, 3, 4, 5, 6, 7].map(column) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const factor = adjustedClose.map((value, i) => value / close[i]!);
  const splits = known.map(({ date, ratio }) => [Date.parse(date), ratio] as const);
  const dividends: [number, number][] = [];
  for (let i = 1; i < ts.length; i++) {
    const ratio = splits.find(([date]) => date === ts[i])?.[1] ?? 1;
    const amount = ((close[i - 1]! / ratio) * adjustedClose[i]!) / adjustedClose[i - 1]! - close[i]!;
    // Adjusted closes are rounded to about ten digits; no dividend is as small as that.
    if (amount > 1e-4) dividends.push([ts[i]!, amount]);
  }
  const pairs = (list: readonly (readonly [number, number])[], index: 0 | 1) => Float64Array.from(list, (pair) => pair[index]);
  const actions = {
    splits: { ts: pairs(splits, 0), ratio: pairs(splits, 1) },
    dividends: { ts: pairs(dividends, 0), amount: pairs(dividends, 1) },
  };
  const scaled = (values: Float64Array) => values.map((value, i) => value * factor[i]!);
  const raw = { symbol, ts, open, high, low, close, volume, actions };
  return { raw, adjusted: { symbol, ts, open: scaled(open), high: scaled(high), low: scaled(low), close: scaled(close), volume } };
}

describe.each(['AAPL', 'MSFT'])('raw prices of %s with their actions, and adjusted prices', (symbol) => {
  const { raw, adjusted } = sampleOf(symbol);
  const equityOf = (bars: Bars, dividends: 'cash' | 'reinvest') =>
    play({ 0: (c) => c.buy({ size: { fraction: 0.5 } }) }, { bars: [bars], account: { fractional: true, dividends } }).equity;

  it('have the same total return on every day when dividends are reinvested', () => {
    const [a, b] = [equityOf(raw, 'reinvest'), equityOf(adjusted, 'cash')];
    expect(a).toHaveLength(3270);
    expect(a.reduce((worst, value, i) => Math.max(worst, Math.abs(value / b[i]! - 1)), 0)).toBeLessThan(1e-7);
  });

  it('differ when dividends lie in cash, so there were some', () => {
    expect(Math.abs(equityOf(raw, 'cash').at(-1)! / equityOf(adjusted, 'cash').at(-1)! - 1)).toBeGreaterThan(1e-4);
  });
});
