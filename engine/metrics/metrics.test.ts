import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Metrics } from '../../shared/metrics.ts';
import type { CurveBlock } from '../../shared/series.ts';
import { MetricSpec } from '../../shared/spec.ts';
import { tradeBlock } from '../trade-log.ts';
import { createMetrics } from './metrics.ts';

const HOUR = 3_600_000;
const MONDAY = Date.UTC(2024, 0, 1);

function curveOf(equity: readonly number[], stepMs = 24 * HOUR, exposure: readonly number[] = []): CurveBlock {
  return {
    ts: Float64Array.from(equity, (_, i) => MONDAY + i * stepMs),
    equity: Float64Array.from(equity),
    cash: Float64Array.from(equity),
    exposure: Float64Array.from(equity, (_, i) => exposure[i] ?? 0),
  };
}

/** Ten units bought at 10 and sold at 12. */
function blockOfOne({ pnl }: { pnl: number }) {
  const trade = { symbol: 0, entryTs: 0, entryBar: 0, exitTs: 0, exitBar: 0, mae: 0, mfe: 0, entryTag: 0, exitReason: 0 };
  return tradeBlock([{ ...trade, size: 10, entryPrice: 10, exitPrice: 12, pnl, fees: 2 }]);
}

function metricsOf(cash: number, blocks: CurveBlock[], trades = tradeBlock([])) {
  const metrics = createMetrics({ cash, metrics: MetricSpec.parse({}) });
  for (const block of blocks) metrics.addCurve(block);
  metrics.addTrades(trades);
  return metrics.finish();
}

function cut(block: CurveBlock, at: readonly number[]): CurveBlock[] {
  const edges = [0, ...at.toSorted((a, b) => a - b), block.ts.length];
  return edges.slice(1).map((end, i) => {
    const part = (column: Float64Array) => column.slice(edges[i]!, end);
    return { ts: part(block.ts), equity: part(block.equity), cash: part(block.cash), exposure: part(block.exposure) };
  });
}

describe('metrics', () => {
  it('are those of a hand-computed week', () => {
    const trades = blockOfOne({ pnl: 18 });
    // Monday to Friday; returns 10 %, -10 %, 10 %, -10 %.
    const metrics = metricsOf(100, [curveOf([100, 110, 99, 108.9, 98.01], 24 * HOUR, [0, 1, 1, 0.5, 0])], trades);
    expect(metrics).toMatchObject({ trades: 1, fees: 2, winRate: 1, exposure: 0.6, profitFactor: null, payoffRatio: null });
    expect(metrics.totalReturn).toBeCloseTo(-0.0199, 12);
    // The mean is 0; four deviations of 0.1 over 3.
    expect(metrics.sharpe).toBeCloseTo(0, 10);
    expect(metrics.volatility).toBeCloseTo(Math.sqrt((0.04 / 3) * 252), 12);
    expect(metrics.maxDrawdown).toBeCloseTo(98.01 / 110 - 1, 12);
    expect(metrics.maxDrawdownDuration).toBe(3);
    expect(metrics.turnover).toBeCloseTo(220 / 103.182 / (4 / 365.25), 8);
  });

  it('have no -0', () => {
    const trades = blockOfOne({ pnl: -0 });
    expect(Object.is(metricsOf(100, [curveOf([100, 100])], trades).worstTrade, 0)).toBe(true);
  });

  it('mean the same on minutes and on days', () => {
    const days = [100, 103, 101, 108, 95, 99, 120];
    const hours = days.flatMap((value) => [...Array.from({ length: 23 }, (_, hour) => value - hour), value]);
    const [byDay, byHour] = [metricsOf(100, [curveOf(days)]), metricsOf(100, [curveOf(hours, HOUR)])];
    for (const name of ['sharpe', 'sortino', 'volatility', 'totalReturn'] as const) expect(byHour[name]).toBe(byDay[name]);
  });

  it('are annualised by 365 days where there are bars on weekends', () => {
    const volatilityOf = (days: number) => metricsOf(100, [curveOf([100, 110, 99, 108.9, 98.01, 100, 101].slice(0, days))]).volatility!;
    expect(volatilityOf(5)).toBeCloseTo(Math.sqrt((0.04 / 3) * 252), 12);
    const returns = [110 / 100, 99 / 110, 108.9 / 99, 98.01 / 108.9, 100 / 98.01].map((ratio) => ratio - 1);
    const mean = returns.reduce((a, b) => a + b) / 5;
    expect(volatilityOf(6)).toBeCloseTo(Math.sqrt((returns.reduce((a, b) => a + (b - mean) * (b - mean), 0) / 4) * 365), 12);
  });

  it('are null where they are undefined: no bar, one bar, no change, no money', () => {
    for (const equity of [[], [100], [100, 100, 100], [100, 0, 0], [100, -20]]) {
      const metrics = metricsOf(100, [curveOf(equity)]);
      expect(Metrics.parse(metrics)).toEqual(metrics);
      expect(metrics.sharpe === null || Number.isFinite(metrics.sharpe)).toBe(true);
    }
    expect(metricsOf(100, [])).toMatchObject({ totalReturn: null, cagr: null, exposure: null, trades: 0, fees: 0, winRate: null });
    expect(metricsOf(100, [curveOf([100, 100, 100])])).toMatchObject({ sharpe: null, calmar: null, maxDrawdown: 0, volatility: 0 });
    expect(metricsOf(100, [curveOf([100, 0])])).toMatchObject({ totalReturn: -1, cagr: -1, maxDrawdown: -1 });
    expect(metricsOf(100, [curveOf([100, -20])])).toMatchObject({ cagr: null, calmar: null });
  });

  it('do not show how the curve was cut, and always fit their schema', () => {
    const equities = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 60 });
    const cuts = fc.array(fc.nat(59), { maxLength: 5 });
    fc.assert(
      fc.property(equities, cuts, fc.constantFrom(HOUR, 5 * HOUR, 24 * HOUR, 168 * HOUR), (equity, at, step) => {
        const block = curveOf(
          equity,
          step,
          equity.map((value) => Math.round(value) % 2),
        );
        const whole = metricsOf(1000, [block]);
        const parts = cut(
          block,
          at.map((bar) => Math.min(bar, equity.length)),
        );
        expect(JSON.stringify(metricsOf(1000, parts))).toBe(JSON.stringify(whole));
        expect(Metrics.parse(whole)).toEqual(whole);
      }),
    );
  });
});
