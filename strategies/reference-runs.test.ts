import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { createMetrics } from '../engine/metrics/metrics.ts';
import { openTrades } from '../engine/open-trades.ts';
import { createSimulation } from '../engine/simulation.ts';
import { AccountSpec, MetricSpec, type StrategySpec } from '../shared/spec.ts';
import { readReference } from '../test/fixtures/oracles.ts';
import { prepareStrategy } from './catalog.ts';

type AccountInput = z.input<typeof AccountSpec>;

const REFERENCES: [name: string, strategy: StrategySpec, account: AccountInput][] = [
  ['01_aapl_sma5_20_long', { name: 'sma-cross', params: { fast: 5, slow: 20 } }, { fees: { relative: 0.001 } }],
  ['02_msft_sma12_40_flip', { name: 'sma-cross', params: { fast: 12, slow: 40, direction: 'long-short' } }, {}],
  [
    '07_ibm_rsi14_reversion',
    { name: 'rsi-reversion', params: { period: 14, buyBelow: 35, sellAbove: 55 } },
    { fees: { relative: 0.001 }, sizing: { kind: 'fraction', fraction: 0.9 } },
  ],
  [
    '10_ibm_leverage2_flip',
    { name: 'sma-cross', params: { fast: 8, slow: 60, direction: 'long-short' } },
    { fees: { relative: 0.0005 }, leverage: 2 },
  ],
  ['14_aapl_sma5_20_fractional', { name: 'sma-cross', params: { fast: 5, slow: 20 } }, { fees: { relative: 0.001 }, fractional: true }],
];

/** Largest relative difference (absolute below 1) between two columns of equal length. */
function largestDifference(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  return expected.reduce((worst, value, i) => Math.max(worst, Math.abs(actual[i]! - value) / Math.max(1, Math.abs(value))), 0);
}

describe.each(REFERENCES)('the reference run %s', (name, strategy, accountInput) => {
  const reference = readReference(name);
  const { bars, cash } = reference;
  const account = AccountSpec.parse({ ...accountInput, cash });
  const simulation = createSimulation({ bars, strategy: prepareStrategy(strategy, bars), account });
  simulation.advance(bars.ts.length);
  const { curve, trades } = simulation.take();
  const open = openTrades(simulation.state(), bars);
  const metrics = createMetrics({ cash, metrics: MetricSpec.parse({}) });
  metrics.addCurve(curve);
  metrics.addTrades(trades);
  const figures = metrics.finish();
  const expectedColumn = (column: keyof (typeof reference.trades)[number]) => reference.trades.map((trade) => trade[column]);

  it('is matched trade for trade, at the same bars and prices', () => {
    for (const column of ['entryBar', 'exitBar', 'exitPrice'] as const) expect([...trades[column]]).toEqual(expectedColumn(column));
    // The engine behind 14 reports entries as money over units, which rounds the last digit.
    if (!account.fractional) expect([...trades.entryPrice]).toEqual(expectedColumn('entryPrice'));
    else expect(largestDifference(trades.entryPrice, expectedColumn('entryPrice'))).toBeLessThan(1e-14);
  });

  it('is matched in sizes, fees and profits', () => {
    if (!account.fractional) expect([...trades.size]).toEqual(expectedColumn('size'));
    for (const column of ['size', 'pnl', 'fees'] as const) {
      expect(largestDifference(trades[column], expectedColumn(column))).toBeLessThan(1e-9);
    }
  });

  it('is matched in the equity of every bar', () => {
    expect(largestDifference(curve.equity, reference.equity)).toBeLessThan(1e-9);
    expect(Math.abs(curve.equity.at(-1)! / reference.finalEquity - 1)).toBeLessThan(1e-9);
  });

  it('leaves the same trades open', () => {
    expect([...open.entryBar]).toEqual(reference.openTrades.map(({ entryBar }) => entryBar));
    expect([...open.size]).toEqual(reference.openTrades.map(({ size }) => size));
    expect([...open.exitPrice]).toEqual(reference.openTrades.map(({ markPrice }) => markPrice));
    const pnl = reference.openTrades.map(({ unrealizedPnl }) => unrealizedPnl);
    expect(largestDifference(open.pnl, pnl)).toBeLessThan(1e-9);
  });

  it('is matched in Sharpe ratio, maximum drawdown and number of trades', () => {
    expect(figures.sharpe).toBeCloseTo(reference.sharpe, 10);
    expect(figures.maxDrawdown).toBeCloseTo(reference.maxDrawdownPct / 100, 10);
    expect(figures.trades).toBe(reference.trades.length);
  });
});
