import { describe, expect, it } from 'vitest';
import { createRunSimulation } from '../../engine/run-simulation.ts';
import type { Bars } from '../../shared/bars.ts';
import { AccountSpec, type StrategySpec } from '../../shared/spec.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import { prepareDecider } from '../catalog.ts';
import { pairSpread } from './pair-spread.ts';

interface Trial {
  prices: Record<string, readonly number[]>;
  /** Bars, from the first, that a symbol lacks. */
  missing?: Record<string, number>;
  params?: StrategySpec['params'];
  fractional?: boolean;
}

/** The bars [from, …) of a symbol. */
function later(bars: Bars, from: number): Bars {
  const { symbol, ts, open, high, low, close, volume } = bars;
  const cut = (column: Float64Array) => column.slice(from);
  return { symbol, ts: cut(ts), open: cut(open), high: cut(high), low: cut(low), close: cut(close), volume: cut(volume) };
}

/** The orders of a run with 1,000 in cash and no costs, as [bar, symbol, units], and the cash in the end. Bars are days from Monday, 2024-01-01 on. */
function tradesOf(name: string, { prices, missing = {}, params = {}, fractional = true }: Trial) {
  const bars = Object.entries(prices).map(([symbol, each]) => later(barsOf(each, symbol), missing[symbol] ?? 0));
  const account = AccountSpec.parse({ cash: 1000, fractional });
  const run = createRunSimulation({ bars, decider: prepareDecider({ name, params }, bars), account });
  run.advance(run.total);
  const { orders, curve, plots } = run.take();
  const units = (row: number) => Number((orders.side[row]! * orders.filledSize[row]!).toFixed(9));
  const rows = [...orders.bar.keys()].filter((row) => orders.filledSize[row]! > 0);
  return { orders: rows.map((row) => [orders.bar[row], bars[orders.symbol[row]!]!.symbol, units(row)]), cash: curve.cash.at(-1)!, plots };
}

const flat = (price: number, bars: number) => Array.from({ length: bars }, () => price);

describe('equal-weight', () => {
  // A doubles on Monday, bar 7: 1500 in all, 750 each.
  const prices = { A: [...flat(10, 7), ...flat(20, 8)], B: flat(10, 15) };

  it('buys as soon as it can, and brings the shares back at the first open of each period', () => {
    expect(tradesOf('equal-weight', { prices, params: { rebalance: 'weekly' } }).orders).toEqual([
      [2, 'A', 50],
      [2, 'B', 50],
      [7, 'A', -12.5],
      [7, 'B', 25],
    ]);
  });

  it('notes the weights that it asks for at the bars at which it does', () => {
    const { plots } = tradesOf('equal-weight', { prices, params: { rebalance: 'weekly', invested: 0.8 } });
    const day = (ts: number) => (ts - Date.UTC(2024, 0, 1)) / 86_400_000;
    const noted = [...plots!.ts].map((ts, row) => [day(ts), plots!.symbol[row], plots!.value[row]]);
    expect(noted.slice(0, 4)).toEqual([
      [1, 0, 0.4],
      [1, 1, 0.4],
      [6, 0, 0.4],
      [6, 1, 0.4],
    ]);
  });

  it('waits for the end of a period with start period-end, and keeps what is not invested', () => {
    const { orders, cash } = tradesOf('equal-weight', { prices, params: { rebalance: 'weekly', start: 'period-end', invested: 0.8 } });
    expect(orders).toEqual([
      [7, 'A', 20],
      [7, 'B', 40],
    ]);
    expect(cash).toBeCloseTo(200, 9);
  });

  it('takes a symbol in at the first period after its data begin', () => {
    const { orders } = tradesOf('equal-weight', {
      prices: { A: flat(10, 15), B: flat(10, 15) },
      missing: { B: 8 },
      params: { rebalance: 'weekly' },
    });
    expect(orders).toEqual([
      [2, 'A', 100],
      [14, 'A', -50],
      [14, 'B', 50],
    ]);
  });
});

describe('momentum-rotation', () => {
  it('holds what has risen most, and trades only when that changes', () => {
    // Over two bars: bar 2 A 20 %, B 0; bar 3 A 9.1 %, B 10 %; after that B.
    const prices = { A: [10, 11, 12, 12, 12, 12, 12], B: [10, 10, 10, 11, 12.5, 16, 17] };
    expect(tradesOf('momentum-rotation', { prices, params: { lookback: 2, rebalance: 'daily', invested: 0.96 } }).orders).toEqual([
      [3, 'A', 80],
      [4, 'A', -80],
      [4, 'B', 76.8],
    ]);
  });

  it('holds several with the same money', () => {
    const prices = { A: [10, 11, 10], B: [10, 12, 20], C: [10, 9, 9] };
    const params = { lookback: 1, top: 2, rebalance: 'daily' };
    expect(tradesOf('momentum-rotation', { prices, params }).orders).toEqual([
      [2, 'A', 50],
      [2, 'B', 25],
    ]);
  });

  it('leaves the place of what has not risen in cash with absoluteMomentum on', () => {
    const prices = { A: [10, 9, 9], B: [10, 8, 8], C: [10, 11, 10] };
    const params = { lookback: 1, top: 2, rebalance: 'daily' };
    expect(tradesOf('momentum-rotation', { prices, params }).orders.map(([, symbol]) => symbol)).toEqual(['A', 'C']);
    const on = tradesOf('momentum-rotation', { prices, params: { ...params, absoluteMomentum: 'on' } });
    expect(on.orders).toEqual([[2, 'C', 50]]);
    expect(on.cash).toBeCloseTo(500, 9);
  });
});

describe('inverse-volatility', () => {
  it('weighs by 1 / the deviation of the returns, and gives nothing to a price that stands still', () => {
    // Returns of ±10 % and ±5 % deviate by 10 and 5 %: a third and two thirds.
    const prices = { A: [100, 110, 99, 100], B: [100, 105, 99.75, 100], C: flat(50, 4) };
    const { orders } = tradesOf('inverse-volatility', { prices, params: { window: 2, rebalance: 'daily', invested: 0.9 } });
    expect(orders).toEqual([
      [3, 'A', 3],
      [3, 'B', 6],
    ]);
  });
});

describe('dollar-cost-averaging', () => {
  it('spends the cash in equal parts, and then holds', () => {
    const { orders, cash } = tradesOf('dollar-cost-averaging', { prices: { A: flat(10, 30) }, params: { parts: 4, rebalance: 'weekly' } });
    expect(orders).toEqual([2, 7, 14, 21].map((bar) => [bar, 'A', 25]));
    expect(cash).toBeCloseTo(0, 9);
  });

  it('adds what whole units left over to the next part', () => {
    const params = { parts: 4, rebalance: 'weekly' };
    const { orders } = tradesOf('dollar-cost-averaging', { prices: { A: flat(100, 30) }, params, fractional: false });
    expect(orders.map(([, , units]) => units)).toEqual([2, 3, 2, 3]);
  });

  it('divides each part among the symbols', () => {
    const { orders } = tradesOf('dollar-cost-averaging', {
      prices: { A: flat(10, 5), B: flat(50, 5) },
      params: { parts: 2, rebalance: 'weekly' },
    });
    expect(orders).toEqual([
      [2, 'A', 25],
      [2, 'B', 5],
    ]);
  });
});

describe('pairs-zscore', () => {
  // Ratios of 1, 1, 1.3 have mean 1.1 and deviation 0.1414: a score of 1.414. Of 1, 1.3, 1.15 the last is the mean.
  const params = { window: 3, enter: 1.2, exit: 0.2 };
  const other = flat(10, 6);

  it('sells what is dear, buys the other with the same money, and closes both when the score has come back', () => {
    expect(
      tradesOf('pairs-zscore', { prices: { A: [10, 10, 10, 13, 11.5, 11.5], B: other }, params: { ...params, invested: 0.92 } }).orders,
    ).toEqual([
      [4, 'A', -40],
      [4, 'B', 46],
      [5, 'B', -46],
      [5, 'A', 40],
    ]);
  });

  it('buys what is cheap', () => {
    expect(
      tradesOf('pairs-zscore', { prices: { A: [10, 10, 10, 7, 8, 8], B: other }, params: { ...params, exit: 0 } }).orders.slice(0, 2),
    ).toEqual([
      [4, 'B', -50],
      [4, 'A', 62.5],
    ]);
  });

  it('does nothing while the score is undefined or within its bounds', () => {
    expect(tradesOf('pairs-zscore', { prices: { A: flat(10, 6), B: other }, params }).orders).toEqual([]);
    expect(
      tradesOf('pairs-zscore', { prices: { A: [10, 10, 10, 13, 13, 13], B: other }, params: { ...params, enter: 1.5 } }).orders,
    ).toEqual([]);
  });

  it('stays away from a pair of which one falls when the other rises', () => {
    const prices = { A: [10, 11, 12, 13, 16, 16], B: [16, 15, 14, 13, 12, 11] };
    const trial = { prices, params: { spread: 'regression', window: 4, enter: 0.5, exit: 0 } };
    expect(tradesOf('pairs-zscore', trial).orders).toEqual([]);
  });
});

describe('the spread of a pair', () => {
  const first = barsOf([10, 12, 11, 14, 13, 15, 18], 'A');
  const second = barsOf([20, 21, 23, 24, 26, 25, 27], 'B');

  /** Least squares by the normal equations, with the residuals one by one. */
  function fit(a: readonly number[], b: readonly number[]) {
    const mean = (all: readonly number[]) => all.reduce((sum, each) => sum + each, 0) / all.length;
    const [meanA, meanB] = [mean(a), mean(b)];
    const slope = mean(b.map((x, i) => (x - meanB) * (a[i]! - meanA))) / mean(b.map((x) => (x - meanB) * (x - meanB)));
    const residuals = a.map((y, i) => y - meanA - slope * (b[i]! - meanB));
    return { slope, score: residuals.at(-1)! / Math.sqrt(mean(residuals.map((each) => each * each))) };
  }

  it('of a regression is the last residual in deviations of all of them, hedged by the slope', () => {
    const { zscore, hedge } = pairSpread(first, second, { spread: 'regression', window: 4 });
    expect(Array.from(zscore.slice(0, 3))).toEqual([NaN, NaN, NaN]);
    for (let i = 3; i < 7; i++) {
      const last4 = ({ close }: Bars) => Array.from(close.subarray(i - 3, i + 1));
      const { slope, score } = fit(last4(first), last4(second));
      expect(zscore[i]).toBeCloseTo(score, 12);
      expect(hedge[i]).toBeCloseTo(slope, 12);
    }
  });

  it('is undefined where one price follows from the other', () => {
    const twice = { ...first, symbol: 'B', close: first.close.map((price) => 2 * price + 1) };
    const { zscore, hedge } = pairSpread(first, twice, { spread: 'regression', window: 4 });
    expect(zscore.every((score) => Number.isNaN(score))).toBe(true);
    expect(hedge[6]).toBeCloseTo(0.5, 12);
  });

  it('counts the bars that both have, wherever the other is missing', () => {
    const holes = later(second, 2);
    const { zscore, hedge } = pairSpread(first, holes, { spread: 'ratio', window: 3 });
    const { zscore: whole } = pairSpread(later(first, 2), holes, { spread: 'ratio', window: 3 });
    expect(Array.from(zscore.slice(0, 4))).toEqual([NaN, NaN, NaN, NaN]);
    expect(zscore.slice(2)).toEqual(whole);
    expect(hedge[6]).toBe(18 / 27);
  });
});
