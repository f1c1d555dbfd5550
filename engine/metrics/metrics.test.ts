import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Metrics } from '../../shared/metrics.ts';
import { MetricSpec } from '../../shared/spec.ts';
import { tradeBlock } from '../../test/fixtures/trades.ts';
import { createMetrics, type MetricsBlock } from './metrics.ts';

const HOUR = 3_600_000;
const MONDAY = Date.UTC(2024, 0, 1);

function curveOf(equity: readonly number[], stepMs = 24 * HOUR, exposure: readonly number[] = []): MetricsBlock {
  return {
    ts: Float64Array.from(equity, (_, i) => MONDAY + i * stepMs),
    equity: Float64Array.from(equity),
    cash: Float64Array.from(equity),
    exposure: Float64Array.from(equity, (_, i) => exposure[i] ?? 0),
  };
}

/** Ten units bought at 10 and sold at 12. */
function blockOfOne({ pnl }: { pnl: number }) {
  const trade = {
    symbol: 0,
    entryTs: 0,
    entryBar: 0,
    exitTs: 0,
    exitBar: 0,
    entryValue: 100,
    exitValue: 120,
    mae: 0,
    mfe: 0,
    entryTag: 0,
    exitReason: 0,
  };
  return tradeBlock([{ ...trade, size: 10, entryPrice: 10, exitPrice: 12, pnl, fees: 2 }]);
}

function metricsOf(cash: number, blocks: MetricsBlock[], trades = tradeBlock([]), conventions = MetricSpec.parse({})) {
  const metrics = createMetrics({ cash, metrics: conventions });
  for (const block of blocks) metrics.addCurve(block);
  metrics.addTrades(trades);
  return metrics.finish();
}

function cut({ benchmark, ...block }: MetricsBlock, at: readonly number[]): MetricsBlock[] {
  const edges = [0, ...at.toSorted((a, b) => a - b), block.ts.length];
  return edges.slice(1).map((end, i) => {
    const part = (column: Float64Array) => column.slice(edges[i]!, end);
    const points = { ts: part(block.ts), equity: part(block.equity), cash: part(block.cash), exposure: part(block.exposure) };
    return benchmark === undefined ? points : { ...points, benchmark: part(benchmark) };
  });
}

const CONVENTIONS: fc.Arbitrary<MetricSpec> = fc
  .record({
    riskFreeRate: fc.constantFrom(0, 0.02),
    minAcceptableReturn: fc.constantFrom(0, 0.01),
    periodsPerYear: fc.constantFrom('auto' as const, 52),
    sharpe: fc.constantFrom('arithmetic' as const, 'geometric' as const),
    volatility: fc.constantFrom('arithmetic' as const, 'compounded' as const),
    cagr: fc.constantFrom('calendar' as const, 'periods' as const),
    ddof: fc.constantFrom(0 as const, 1 as const),
    valueAtRisk: fc.constantFrom('historical' as const, 'historical-lower' as const, 'normal' as const),
    profitFactor: fc.constantFrom('money' as const, 'returns' as const),
  })
  .map((conventions) => MetricSpec.parse(conventions));

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

  it('compare with a benchmark where there is one', () => {
    const curve = curveOf([100, 110, 99, 108.9, 98.01]);
    const figures = ['alpha', 'beta', 'treynor', 'trackingError', 'informationRatio'] as const;
    const alone = metricsOf(100, [curve]);
    for (const name of figures) expect(alone[name]).toBeNull();
    const compared = metricsOf(100, [{ ...curve, benchmark: Float64Array.of(NaN, 50, 47.5, 49.875, 47.38125) }]);
    for (const name of figures) expect(compared[name]).not.toBeNull();
    // Returns -10 %, 10 %, -10 % against -5 %, 5 %, -5 %: twice the benchmark.
    expect(compared.beta).toBeCloseTo(2, 12);
    expect(compared.alpha).toBeCloseTo(0, 12);
  });

  it('have a Sharpe ratio that is above 0 with even odds when the mean is 0', () => {
    expect(metricsOf(100, [curveOf([100, 110, 99, 108.9, 98.01])]).probabilisticSharpe).toBeCloseTo(0.5, 12);
  });

  it('do not show how the curve was cut, and always fit their schema', () => {
    const equities = fc.array(fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: -1, max: 100 })), {
      maxLength: 60,
    });
    const cuts = fc.array(fc.nat(59), { maxLength: 5 });
    const steps = fc.constantFrom(HOUR, 5 * HOUR, 24 * HOUR, 168 * HOUR);
    fc.assert(
      fc.property(equities, cuts, steps, CONVENTIONS, (points, at, step, conventions) => {
        const equity = points.map(([value]) => value);
        const exposure = equity.map((value) => Math.round(value) % 2);
        const block = { ...curveOf(equity, step, exposure), benchmark: Float64Array.from(points, ([, value]) => value) };
        const parts = cut(
          block,
          at.map((bar) => Math.min(bar, equity.length)),
        );
        const whole = metricsOf(1000, [block], tradeBlock([]), conventions);
        expect(JSON.stringify(metricsOf(1000, parts, tradeBlock([]), conventions))).toBe(JSON.stringify(whole));
        expect(Metrics.parse(whole)).toEqual(whole);
      }),
    );
  });
});
