import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCurveFinisher } from '../engine/finish-curve.ts';
import { createMetrics } from '../engine/metrics/metrics.ts';
import { openTrades } from '../engine/open-trades.ts';
import { createSimulation, type SimulationState } from '../engine/simulation.ts';
import type { Bars } from '../shared/bars.ts';
import { AccountSpec, MetricSpec, type StrategySpec } from '../shared/spec.ts';
import { barsOf } from '../test/fixtures/bars.ts';
import { readReference } from '../test/fixtures/oracles.ts';
import { prepareDecider, prepareStrategy, strategyInfos } from './catalog.ts';

const PARAMS: Record<string, StrategySpec['params'][]> = {
  'sma-cross': [
    { fast: 2, slow: 5 },
    { fast: 3, slow: 7, direction: 'long-short' },
  ],
  'buy-and-hold': [{}],
  'rsi-reversion': [{ period: 3, buyBelow: 45, sellAbove: 50 }],
  'ema-cross': [{ fast: 2, slow: 5, direction: 'long-short' }],
  macd: [{ fast: 2, slow: 4, smooth: 3, direction: 'long-short' }],
  bollinger: [{ period: 4, deviations: 1, direction: 'long-short' }],
  'donchian-breakout': [{ entry: 4, exit: 2 }],
  'synthetic-load': [{ fast: 2, slow: 5, microsecondsPerBar: 0.1 }],
};

const STRATEGIES: StrategySpec[] = Object.entries(PARAMS).flatMap(([name, list]) => list.map((params) => ({ name, params })));

interface Job {
  bars: Bars;
  strategy: StrategySpec;
  account: AccountSpec;
}

/** Copies the bars, so that no derived column is shared with the part before: as on another machine. */
function copyOf(bars: Bars): Bars {
  const { symbol, actions: _, membership: __, extra: ___, ...columns } = bars;
  return { symbol, ...(Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.slice()])) as typeof columns) };
}

/** The whole result as text that tells every bit apart, -0 and NaN included. */
function resultOf({ bars, strategy, account }: Job, cuts: readonly number[]): string {
  const metrics = createMetrics({ cash: account.cash, metrics: MetricSpec.parse({ riskFreeRate: 0.02, minAcceptableReturn: 0.01 }) });
  const finish = createCurveFinisher({ cash: account.cash, benchmark: bars });
  const parts: Record<string, number[]>[] = [];
  let state: SimulationState | undefined;
  for (const until of [...cuts.toSorted((a, b) => a - b), bars.ts.length]) {
    const columns = copyOf(bars);
    const simulation = createSimulation({ bars: columns, strategy: prepareStrategy(strategy, columns), account, ...(state && { state }) });
    simulation.advance(until);
    const { curve, trades } = simulation.take();
    metrics.addCurve(curve);
    metrics.addTrades(trades);
    parts.push(Object.fromEntries(Object.entries({ ...finish(curve), ...trades }).map(([name, column]) => [name, bitsOf(column)])));
    state = JSON.parse(JSON.stringify(simulation.state())) as SimulationState;
  }
  const columns = Object.keys(parts[0]!).map((name) => [name, parts.flatMap((part) => part[name]!)]);
  const open = Object.values(openTrades(state!, bars)).map(bitsOf);
  return JSON.stringify([columns, open, metrics.finish(), state]);
}

function bitsOf(column: Float64Array): number[] {
  return [...new Uint32Array(column.slice().buffer)];
}

const row = fc.tuple(fc.double({ min: 0.8, max: 1.25, noNaN: true }), fc.double({ min: 0.9, max: 1.1, noNaN: true }));

/** Prices jump enough that accounts with leverage go bankrupt now and then. */
const randomBars = fc.array(row, { minLength: 1, maxLength: 120 }).map((moves) => {
  let price = 100;
  const rows = moves.map(([gap, day]): [number, number, number, number] => {
    const open = price * gap;
    price = open * day;
    return [open, Math.max(open, price) * 1.01, Math.min(open, price) * 0.99, price];
  });
  return barsOf(rows);
});

const randomAccount = fc
  .record({
    cash: fc.constantFrom(1000, 100_000),
    fees: fc.record({ relative: fc.constantFrom(0, 0.001), fixed: fc.constantFrom(0, 5) }),
    slippage: fc.record({ relative: fc.constantFrom(0, 0.002) }),
    leverage: fc.constantFrom(1, 4),
    fractional: fc.boolean(),
    sizing: fc.constantFrom(
      { kind: 'all-in' as const },
      { kind: 'fraction' as const, fraction: 0.7 },
      { kind: 'units' as const, units: 8 },
      { kind: 'cash' as const, amount: 900 },
    ),
  })
  .map((account) => AccountSpec.parse(account));

describe('a run that is cut', () => {
  it.each(STRATEGIES)('at random bars gives the same bytes as one that is not: $name $params', (strategy) => {
    fc.assert(
      fc.property(randomBars, randomAccount, fc.array(fc.nat(120), { maxLength: 6 }), (bars, account, cuts) => {
        const job = { bars, strategy, account };
        expect(resultOf(job, cuts)).toBe(resultOf(job, []));
      }),
      { numRuns: 100 },
    );
  });

  it('at the edges of a block of signals gives the same bytes as one that is not', () => {
    const { bars } = readReference('02_msft_sma12_40_flip');
    const strategy = { name: 'sma-cross', params: { fast: 12, slow: 40, direction: 'long-short' } };
    const job = { bars, strategy, account: AccountSpec.parse({ fees: { relative: 0.001 } }) };
    const whole = resultOf(job, []);
    for (const cuts of [[1023], [1024], [1025], [2047, 2048, 2049], [0, 1, 2], [3269]]) expect(resultOf(job, cuts)).toBe(whole);
  });

  it('is tested with every strategy that trades each symbol by itself', () => {
    const bars = barsOf([1, 2]);
    const two = [bars, { ...bars, symbol: 'B' }];
    const names = strategyInfos().map(({ name }) => name);
    const bySignals = names.filter((name) => 'signals' in prepareDecider({ name, params: {} }, two));
    expect(Object.keys(PARAMS).toSorted()).toEqual(bySignals.toSorted());
  });
});

describe('a run on fewer bars', () => {
  it.each(STRATEGIES)('is the beginning of a run on more, so no decision sees the future: $name $params', (strategy) => {
    fc.assert(
      fc.property(randomBars, randomAccount, fc.nat(120), (bars, account, length) => {
        const fewer = Object.fromEntries(
          Object.entries(bars).map(([name, column]) => [name, typeof column === 'string' ? column : column.slice(0, length)]),
        ) as unknown as Bars;
        const equityOf = (each: Bars) => {
          const simulation = createSimulation({ bars: each, strategy: prepareStrategy(strategy, each), account });
          simulation.advance(length);
          return bitsOf(simulation.take().curve.equity);
        };
        expect(equityOf(fewer)).toEqual(equityOf(bars));
      }),
      { numRuns: 50 },
    );
  });
});
