import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRunSimulation, type RunState } from '../engine/run-simulation.ts';
import type { Bars } from '../shared/bars.ts';
import { AccountSpec, type StrategySpec } from '../shared/spec.ts';
import { readPortfolioReference } from '../test/fixtures/oracles.ts';
import { randomAccount, randomMarket } from '../test/fixtures/random-runs.ts';
import { auditLookAhead } from './audit-look-ahead.ts';
import { checkSymbols, prepareDecider, strategyInfos } from './catalog.ts';

/** Short windows and periods, so that they trade often on a few bars. */
const STRATEGIES: StrategySpec[] = [
  { name: 'dollar-cost-averaging', params: { parts: 5, rebalance: 'weekly' } },
  { name: 'dollar-cost-averaging', params: { parts: 3, rebalance: 'daily', start: 'period-end' } },
  { name: 'equal-weight', params: { rebalance: 'weekly', invested: 0.9 } },
  { name: 'inverse-volatility', params: { window: 3, rebalance: 'daily' } },
  { name: 'momentum-rotation', params: { lookback: 2, top: 2, rebalance: 'daily', absoluteMomentum: 'on' } },
  { name: 'momentum-rotation', params: { lookback: 4, rebalance: 'weekly', start: 'period-end' } },
  { name: 'pairs-zscore', params: { window: 4, enter: 1, exit: 0.2 } },
  { name: 'pairs-zscore', params: { spread: 'regression', window: 5, enter: 1, exit: 0 } },
];

interface Job {
  strategy: StrategySpec;
  bars: readonly Bars[];
  account: AccountSpec;
}

/** As many of the symbols as the strategy can trade. */
function fitting({ strategy, bars, account }: Job): Job | null {
  const some = [bars, bars.slice(0, 2)].find((each) => checkSymbols(strategy, { symbols: each.map(({ symbol }) => symbol) }).length === 0);
  return some === undefined ? null : { strategy, bars: some, account };
}

/** Everything that a run gives, in text. Each part starts from nothing but the checkpoint before it. */
function resultOf({ strategy, bars, account }: Job, cuts: readonly number[]): string {
  const parts: unknown[][] = [];
  let state: RunState | undefined;
  for (const until of [...cuts.toSorted((a, b) => a - b), Infinity]) {
    const copies = bars.map((each) => ({ ...each, close: each.close.slice() }));
    const run = createRunSimulation({ bars: copies, decider: prepareDecider(strategy, copies), account, state });
    run.advance(until);
    const { curve, trades, orders } = run.take();
    parts.push([curve, trades, orders].flatMap((block) => Object.values(block).map(bitsOf)));
    state = JSON.parse(JSON.stringify(run.state())) as RunState;
  }
  return JSON.stringify([parts[0]!.map((_, column) => parts.flatMap((part) => part[column])), state]);
}

/** Tells -0 from 0 and one NaN from another. */
function bitsOf(column: ArrayLike<number>): number[] {
  return [...new Uint32Array(Float64Array.from(column).buffer)];
}

describe.each(STRATEGIES)('$name $params', (strategy) => {
  it('gives the same bytes wherever its run is cut', () => {
    let orders = 0;
    fc.assert(
      fc.property(randomMarket(), randomAccount, fc.array(fc.nat(40), { maxLength: 5 }), (bars, account, cuts) => {
        const job = fitting({ strategy, bars, account });
        fc.pre(job !== null);
        const whole = resultOf(job, []);
        expect(resultOf(job, cuts)).toBe(whole);
        orders += (JSON.parse(whole) as [unknown, { of: { nextOrder: number } }])[1].of.nextOrder;
      }),
      { numRuns: 30 },
    );
    expect(orders).toBeGreaterThan(30);
  });

  it('passes the audit of look-ahead, for which only the calendar goes on', () => {
    let samples = 0;
    fc.assert(
      fc.property(randomMarket(), randomAccount, fc.nat(), (bars, account, seed) => {
        const job = fitting({ strategy, bars, account });
        fc.pre(job !== null);
        const calendar = job.bars.map(({ ts }) => ts);
        const prepare = (known: readonly Bars[]) => prepareDecider(strategy, known, { calendar });
        const verdict = auditLookAhead({ bars: job.bars, account, prepare, seed, budget: Infinity });
        samples += verdict?.samples ?? 0;
        expect(verdict?.passed ?? true).toBe(true);
      }),
      { numRuns: 30 },
    );
    expect(samples).toBeGreaterThan(50);
  });
});

it('every strategy that trades several symbols together is tested', () => {
  const two = readPortfolioReference('12_multi_equal_weight_monthly').bars.slice(0, 2);
  const names = strategyInfos().map(({ name }) => name);
  const together = names.filter((name) => 'trader' in prepareDecider({ name, params: {} }, two));
  expect([...new Set(STRATEGIES.map(({ name }) => name))].toSorted()).toEqual(together.toSorted());
});

/** Largest relative difference (absolute below 1) between two columns of equal length. */
function largestDifference(actual: readonly number[], expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  return expected.reduce((worst, value, i) => Math.max(worst, Math.abs(actual[i]! - value) / Math.max(1, Math.abs(value))), 0);
}

describe.each<[string, StrategySpec]>([
  ['12_multi_equal_weight_monthly', { name: 'equal-weight', params: { rebalance: 'monthly', start: 'period-end', invested: 0.99 } }],
  [
    '13_multi_momentum_top1_monthly',
    { name: 'momentum-rotation', params: { lookback: 63, top: 1, rebalance: 'monthly', start: 'period-end', invested: 0.99 } },
  ],
])('the reference run %s', (name, strategy) => {
  const reference = readPortfolioReference(name);
  const account = AccountSpec.parse({ cash: reference.cash, fees: { relative: 0.001 }, fractional: true });
  const run = createRunSimulation({ bars: reference.bars, decider: prepareDecider(strategy, reference.bars), account });
  run.advance(run.total);
  const { curve, orders } = run.take();

  it('is matched order for order', () => {
    const rows = [...orders.bar.keys()].map((row) => ({
      bar: orders.bar[row]!,
      asset: reference.bars[orders.symbol[row]!]!.symbol,
      side: orders.side[row]! > 0 ? 'buy' : 'sell',
      price: orders.filledPrice[row]!,
      size: orders.filledSize[row]!,
      fee: orders.fee[row]!,
    }));
    const inOrder = <Row extends { bar: number; asset: string }>(all: Row[]) =>
      all.toSorted((a, b) => a.bar - b.bar || a.asset.localeCompare(b.asset));
    const [ours, theirs] = [inOrder(rows), inOrder(reference.orders)];
    const exact = (all: typeof theirs | typeof ours) => all.map(({ bar, asset, side, price }) => ({ bar, asset, side, price }));
    expect(exact(ours)).toEqual(exact(theirs));
    for (const column of ['size', 'fee'] as const) {
      expect(
        largestDifference(
          ours.map((row) => row[column]),
          theirs.map((row) => row[column]),
        ),
      ).toBeLessThan(1e-9);
    }
  });

  it('is matched in the equity of every bar', () => {
    expect(largestDifference([...curve.equity], reference.equity)).toBeLessThan(1e-9);
  });
});
