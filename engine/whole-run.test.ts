import { describe, expect, it } from 'vitest';
import { AccountSpec, MetricSpec } from '../shared/spec.ts';
import { barsOf } from '../test/fixtures/bars.ts';
import { appendRows, createColumnLog, takeRows } from './columns.ts';
import { createMetrics } from './metrics/metrics.ts';
import { createRunSimulation, openPositions, type Decider } from './run-simulation.ts';
import { nextUniform, seededState } from './seeded-random.ts';
import { createSignalTrader } from './signal-trader.ts';
import type { Strategy } from './strategy.ts';
import { CURVE_COLUMNS, ORDER_COLUMNS, TRADE_COLUMNS } from '../shared/series.ts';
import { wholeRun } from './whole-run.ts';

const random = seededState(3);
let last = 100;
const bars = barsOf(
  Array.from({ length: 20_000 }, () => {
    const open = last;
    last *= 0.99 + 0.02 * nextUniform(random);
    return [open, Math.max(open, last), Math.min(open, last), last];
  }),
);
const listed = Uint8Array.from(bars.ts, () => (nextUniform(random) < 0.9 ? 0 : 1 << Math.floor(4 * nextUniform(random))));
const strategy: Strategy = { firstDecision: 1, signals: (from, to, out) => out.set(listed.subarray(from, to)) };
const account = AccountSpec.parse({ fees: { relative: 0.001 }, sizing: { kind: 'units', units: 3 } });
const metrics = MetricSpec.parse({});
const deciders: [string, () => Decider][] = [
  ['signals', () => ({ signals: [strategy] })],
  ['a trader', () => ({ trader: createSignalTrader([strategy], [bars]) })],
];

describe('a whole run', () => {
  it.each(deciders)('of %s gives the same bytes in pieces, in memory that is used again, as at once', (_, decider) => {
    const logs = { curve: createColumnLog(CURVE_COLUMNS), trades: createColumnLog(TRADE_COLUMNS), orders: createColumnLog(ORDER_COLUMNS) };
    let pieces = 0;
    const figures = wholeRun({ bars: [bars], decider: decider(), account, metrics }, ({ curve, trades, orders }) => {
      pieces++;
      appendRows(logs.curve, curve);
      appendRows(logs.trades, trades);
      appendRows(logs.orders, orders);
    });

    const run = { bars: [bars], decider: decider(), account };
    const simulation = createRunSimulation(run);
    simulation.advance(simulation.total);
    const { curve, trades, orders } = simulation.take();
    const builder = createMetrics({ cash: account.cash, metrics });
    builder.addCurve(curve);
    builder.addTrades(trades);
    const open = openPositions(simulation.state(), run);
    builder.addTrades(open);

    expect(pieces).toBeGreaterThan(2);
    expect(trades.pnl.length).toBeGreaterThan(100);
    expect(figures).toEqual(builder.finish());
    expect(takeRows(logs.curve)).toEqual(curve);
    expect(takeRows(logs.orders)).toEqual(orders);
    const all = createColumnLog(TRADE_COLUMNS);
    appendRows(all, trades);
    appendRows(all, open);
    expect(takeRows(logs.trades)).toEqual(takeRows(all));
  });
});
