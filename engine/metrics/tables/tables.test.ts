import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exitReasonCode } from '../../../shared/series.ts';
import { MetricSpec } from '../../../shared/spec.ts';
import { AnalysisTables } from '../../../shared/tables.ts';
import { tradeBlock, type Trade } from '../../../test/fixtures/trades.ts';
import { createMetrics, type MetricsBlock } from '../metrics.ts';
import { createTables, type TablesOptions } from './tables.ts';

const DAY = 86_400_000;

function curveOf(points: readonly (readonly [date: string | number, equity: number, benchmark?: number])[]): MetricsBlock {
  const equity = Float64Array.from(points, (point) => point[1]);
  return {
    ts: Float64Array.from(points, ([date]) => (typeof date === 'number' ? date : Date.parse(date))),
    equity,
    cash: equity,
    exposure: equity,
    benchmark: Float64Array.from(points, (point) => point[2] ?? NaN),
  };
}

/** A unit bought at 100 with this profit, held for so many days of one bar each. */
function trade(pnl: number, days: number, rest: Partial<Trade> = {}): Trade {
  const entry = {
    symbol: 0,
    size: 1,
    entryTs: 0,
    entryPrice: 100,
    entryBar: 10,
    entryValue: 100,
    exitValue: 100 + pnl,
    fees: 0,
    mae: -0.02,
    mfe: 0.05,
    entryTag: 0,
  };
  return { ...entry, exitTs: days * DAY, exitPrice: 100 + pnl, exitBar: 10 + days, pnl, exitReason: exitReasonCode('signal'), ...rest };
}

function tablesOf(blocks: MetricsBlock[], trades: Trade[] = [], options: Partial<TablesOptions> = {}): AnalysisTables {
  const tables = createTables({ cash: 100, metrics: MetricSpec.parse({}), ...options });
  for (const block of blocks) tables.addCurve(block);
  tables.addTrades(tradeBlock(trades));
  return tables.finish();
}

const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toFixed(12)));

describe('the returns of months and years', () => {
  const { monthlyReturns, yearlyReturns } = tablesOf([
    curveOf([
      ['2023-11-10', 100],
      ['2023-11-30', 110],
      ['2023-12-29', 99, 50],
      ['2024-02-29T23:59', 198, 60],
      ['2024-03-01', 99, 45],
    ]),
  ]);

  it('go from the last day of a period to that of the next, the first from the cash', () => {
    expect(monthlyReturns.map((row) => [row.period, rounded(row.return)])).toEqual([
      ['2023-11', 0.1],
      ['2023-12', -0.1],
      ['2024-02', 1],
      ['2024-03', -0.5],
    ]);
    expect(yearlyReturns.map((row) => [row.period, rounded(row.return)])).toEqual([
      ['2023', -0.01],
      ['2024', 0],
    ]);
  });

  it('have the benchmark beside them from its first day on', () => {
    expect(monthlyReturns.map(({ benchmark }) => rounded(benchmark))).toEqual([null, 0, 0.2, -0.25]);
    expect(yearlyReturns.map(({ benchmark }) => rounded(benchmark))).toEqual([0, -0.1]);
  });

  it('are undefined once nothing is left', () => {
    const ruined = tablesOf([
      curveOf([
        ['2024-01-31', -5],
        ['2024-02-29', 10],
      ]),
    ]);
    expect(ruined.monthlyReturns.map((row) => row.return)).toEqual([-1.05, null]);
  });

  it('compound to the return of the run', () => {
    const equities = fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(equities, fc.integer({ min: 1, max: 40 }), (equity, step) => {
        const curve = curveOf(equity.map((value, i) => [i * step * DAY, value]));
        const tables = tablesOf([curve]);
        for (const rows of [tables.monthlyReturns, tables.yearlyReturns]) {
          const growth = rows.reduce((product, row) => product * (1 + row.return!), 1);
          expect((growth * 100) / equity.at(-1)!).toBeCloseTo(1, 9);
        }
      }),
    );
  });
});

describe('the list of drawdowns', () => {
  // Falls of 20 % (1 day later back), 50 % (back after 3 days), 10 % (lasts).
  const points = [100, 80, 100, 200, 150, 100, 200, 210, 189, 200].map(
    (value, i) => [`2024-01-${String(i + 1).padStart(2, '0')}`, value] as const,
  );

  it('has the deepest first, each with its dates', () => {
    const { drawdowns } = tablesOf([curveOf(points)]);
    const at = (day: string) => `2024-01-${day}T00:00:00.000Z`;
    expect(drawdowns).toEqual([
      { start: at('04'), trough: at('06'), recovery: at('07'), depth: -0.5, days: 3 },
      { start: at('01'), trough: at('02'), recovery: at('03'), depth: expect.closeTo(-0.2, 14) as number, days: 2 },
      { start: at('08'), trough: at('09'), recovery: null, depth: expect.closeTo(-0.1, 14) as number, days: 2 },
    ]);
  });

  it('is cut to the deepest', () => {
    const { drawdowns } = tablesOf([curveOf(points)], [], { drawdowns: 2 });
    expect(drawdowns.map(({ depth }) => rounded(depth))).toEqual([-0.5, -0.2]);
  });
});

describe('the rolling Sharpe ratio', () => {
  const equity = [100, 103, 101, 108, 95, 99, 120, 110];
  const curve = (from: number, to: number) => curveOf(equity.slice(from, to).map((value, i) => [(from + i) * DAY, value]));

  it('is that of a run over the window alone', () => {
    const conventions = MetricSpec.parse({ riskFreeRate: 0.02, periodsPerYear: 252 });
    const { rollingSharpe } = tablesOf([curve(0, 8)], [], { window: 4, metrics: conventions });
    const windows = [0, 1, 2, 3].map((from) => {
      const metrics = createMetrics({ cash: 100, metrics: conventions });
      metrics.addCurve(curve(from, from + 5));
      return metrics.finish().sharpe;
    });
    expect(rollingSharpe).toEqual({ window: 4, date: ['1970-01-05', '1970-01-06', '1970-01-07', '1970-01-08'], sharpe: windows });
  });

  it('is empty while the window is not full', () => {
    expect(tablesOf([curve(0, 8)], [], { window: 8 }).rollingSharpe).toEqual({ window: 8, date: [], sharpe: [] });
  });

  it('is thinned to the points of a chart, with the first and the last', () => {
    const { rollingSharpe } = tablesOf([curve(0, 8)], [], { window: 2, most: 3 });
    expect(rollingSharpe.date).toEqual(['1970-01-03', '1970-01-06', '1970-01-08']);
  });
});

describe('the histogram of daily returns', () => {
  it('counts every day once, from the worst to the best', () => {
    // Returns 1 %, 2 %, 3 %, 4 %: quartiles 1.75 and 3.25, width 2 × 1.5 / ∛4 = 1.89, so two bins of 1.5.
    let value = 100;
    const curve = curveOf([0, 0.01, 0.02, 0.03, 0.04].map((r, i) => [i * DAY, (value *= 1 + r)]));
    const { edges, counts } = tablesOf([curve]).returnHistogram;
    expect(edges.map(rounded)).toEqual([0.01, 0.025, 0.04]);
    expect(counts).toEqual([2, 2]);
  });

  it('has one bin for equal returns, and none without any', () => {
    const flat = curveOf([0, 1, 2].map((i) => [i * DAY, 100]));
    expect(tablesOf([flat]).returnHistogram).toEqual({ edges: [0, 0], counts: [2] });
    expect(tablesOf([]).returnHistogram).toEqual({ edges: [], counts: [] });
  });
});

describe('the points of trades', () => {
  const trades = [
    trade(10, 1),
    trade(-5, 2, { mae: -0.08 }),
    trade(20, 6),
    trade(0, 3),
    trade(99, 9, { exitReason: exitReasonCode('end') }),
  ];

  it('are those of the closed ones', () => {
    const { tradePoints } = tablesOf([], trades);
    expect(tradePoints).toEqual({
      trades: 4,
      exit: ['1970-01-02', '1970-01-03', '1970-01-07', '1970-01-04'].map((date) => `${date}T00:00:00.000Z`),
      return: [0.1, -0.05, 0.2, 0],
      mae: [-0.02, -0.08, -0.02, -0.02],
      mfe: [0.05, 0.05, 0.05, 0.05],
      days: [1, 2, 6, 3],
    });
  });

  it('are thinned evenly where they are too many', () => {
    const { tradePoints } = tablesOf([], trades, { most: 2 });
    expect([tradePoints.trades, tradePoints.days]).toEqual([4, [1, 3]]);
  });

  it('say how long trades were held', () => {
    const { holdingTimes } = tablesOf([], trades);
    expect(holdingTimes.all).toEqual({ trades: 4, meanDays: 3, medianDays: 2.5, longestDays: 6, meanBars: 3 });
    expect(holdingTimes.wins).toEqual({ trades: 2, meanDays: 3.5, medianDays: 3.5, longestDays: 6, meanBars: 3.5 });
    expect(holdingTimes.losses.trades).toBe(1);
    expect(tablesOf([]).holdingTimes.all).toEqual({ trades: 0, meanDays: null, medianDays: null, longestDays: null, meanBars: null });
  });
});

describe('the tables', () => {
  it('do not show how the curve was cut, and fit their schema', () => {
    const equities = fc.array(fc.double({ min: -1e4, max: 1e6, noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(equities, fc.nat(60), fc.constantFrom(DAY / 24, DAY, 20 * DAY), (equity, at, step) => {
        const points = equity.map((value, i) => [i * step, value, value + 1] as const);
        const whole = tablesOf([curveOf(points)], [], { window: 5 });
        expect(tablesOf([curveOf(points.slice(0, at)), curveOf(points.slice(at))], [], { window: 5 })).toEqual(whole);
        expect(AnalysisTables.parse(whole)).toEqual(whole);
      }),
    );
  });

  it('end with the last period that a date can name', () => {
    expect(tablesOf([curveOf([[8.64e15, 100]])]).yearlyReturns).toEqual([{ period: '+275760', return: 0, benchmark: null }]);
  });
});
