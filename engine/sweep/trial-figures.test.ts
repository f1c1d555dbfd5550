import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bars } from '../../shared/bars.ts';
import { METRICS, type MetricName } from '../../shared/metrics.ts';
import { AccountSpec, MetricSpec } from '../../shared/spec.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { openTrades } from '../open-trades.ts';
import { nextUniform, seededState } from '../seeded-random.ts';
import { createSimulation } from '../simulation.ts';
import type { Strategy } from '../strategy.ts';
import { createExtremes } from './extremes.ts';
import { isBankruptEnd, type GoOn } from './event-run.ts';
import { createTrialFigures, type TrialFigures, type TrialInput } from './trial-figures.ts';

const QUICK = ['trades', 'maxDrawdown', 'sharpe', 'totalReturn'] as const;

/** Signals as they are listed, bar by bar. */
function listed(signals: readonly number[], firstDecision = 1): Strategy {
  return { firstDecision, signals: (from, to, out) => out.set(signals.slice(from, to)) };
}

function firstBars({ ts, open, high, low, close, volume, ...others }: Bars, count: number): Bars {
  const cut = (column: Float64Array): Float64Array => column.subarray(0, count);
  return { ...others, ts: cut(ts), open: cut(open), high: cut(high), low: cut(low), close: cut(close), volume: cut(volume) };
}

/** The figures of a whole run, with its curve and its trades; NaN for null. */
function wholeRun(
  bars: Bars,
  strategy: Strategy,
  { account, metrics, zone }: Pick<TrialInput, 'account' | 'metrics' | 'zone'>,
): Record<MetricName, number> {
  const simulation = createSimulation({ bars, strategy, account });
  simulation.advance(bars.ts.length);
  const { curve, trades } = simulation.take();
  const builder = createMetrics({ cash: account.cash, metrics, zone });
  builder.addCurve(curve);
  builder.addTrades(trades);
  builder.addTrades(openTrades(simulation.state(), bars));
  const entries = Object.entries(builder.finish()).map(([name, value]) => [name, value ?? NaN]);
  return Object.fromEntries(entries) as Record<MetricName, number>;
}

const move = fc.tuple(fc.double({ min: 0.7, max: 1.4, noNaN: true }), fc.double({ min: 0.8, max: 1.25, noNaN: true }));
const cases = fc
  .array(fc.tuple(move, fc.constantFrom(0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 8, 9, 15)), { minLength: 2, maxLength: 200 })
  .chain((list) => {
    let price = 100;
    const rows = list.map(([[gap, day]]): [number, number, number, number] => {
      const open = price * gap;
      price = open * day;
      return [open, Math.max(open, price), Math.min(open, price), price];
    });
    const minutes = (bars: Bars, step: number) => ({ ...bars, ts: bars.ts.map((_, i) => bars.ts[0]! + i * step) });
    return fc.record({
      bars: fc.constantFrom(86_400_000, 3_600_000 * 5).map((step) => minutes(barsOf(rows), step)),
      signals: fc.constant(list.map(([, signal]) => signal)),
      firstDecision: fc.nat({ max: 40 }),
    });
  });
const accounts = fc
  .record({
    cash: fc.constantFrom(1000, 100_000),
    fees: fc.record({ relative: fc.constantFrom(0, 0.001), fixed: fc.constantFrom(0, 5), minimum: fc.constantFrom(0, 1) }),
    slippage: fc.record({ relative: fc.constantFrom(0, 0.002) }),
    leverage: fc.constantFrom(1, 1, 4),
    fractional: fc.boolean(),
    sizing: fc.constantFrom(
      { kind: 'all-in' as const },
      { kind: 'fraction' as const, fraction: 0.7 },
      { kind: 'units' as const, units: 8 },
    ),
  })
  .map((account) => AccountSpec.parse(account));
/** Days end at another hour than in UTC, and the clock changes in between. */
const zones = fc.constantFrom(undefined, {
  from: Float64Array.of(0, Date.UTC(2024, 0, 10, 7)),
  offset: Float64Array.of(-18_000_000, -14_400_000),
});
const conventions = fc
  .record({ riskFreeRate: fc.constantFrom(0, 0.03), sharpe: fc.constantFrom('arithmetic' as const, 'geometric' as const) })
  .map((metrics) => MetricSpec.parse(metrics));

describe('the figures of a trial', () => {
  it('have the bytes of a whole run, whether its account survives or not', () => {
    fc.assert(
      fc.property(cases, accounts, fc.tuple(conventions, zones), ({ bars, signals, firstDecision }, account, [metrics, zone]) => {
        const strategy = listed(signals, firstDecision);
        const expected = wholeRun(bars, strategy, { account, metrics, zone });
        const figuresOf = createTrialFigures({ bars: [bars], account, metrics, zone }, QUICK);
        const other = listed(signals.toReversed(), 0); // what a trial leaves behind must not show in the next
        const [, figuresOfTrial] = figuresOf([other, strategy, other].map((each) => ({ signals: [each] })));
        expect([...figuresOfTrial!.figures]).toEqual(QUICK.map((name) => expected[name]));
      }),
      { numRuns: 1_000 },
    );
  });

  it('have the same bytes when a run goes on where one of fewer bars ended, wherever that was', () => {
    const cuts = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(
        cases,
        accounts,
        fc.tuple(conventions, zones, cuts),
        ({ bars, signals, firstDecision }, account, [metrics, zone, shares]) => {
          const total = bars.ts.length;
          const strategy = { signals: [listed(signals, firstDecision)] as [Strategy] };
          const run = (count: number, goOn?: GoOn) =>
            createTrialFigures({ bars: [firstBars(bars, count)], account, metrics, zone }, QUICK)([strategy], goOn)[0]!;
          const [first, second] = shares.map((share) => Math.max(1, Math.round(share * total))).toSorted((a, b) => a - b) as [
            number,
            number,
          ];
          const begun = run(first);
          if (isBankruptEnd(begun.end!)) return;
          const longer = run(second, { bar: first, ends: [begun.end] });
          expect(longer).toEqual(run(second));
          if (isBankruptEnd(longer.end!)) return;
          expect(run(total, { bar: second, ends: [longer.end] })).toEqual(run(total));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('have the same bytes over many blocks of returns and bars, beside runs that begin at the first bar', () => {
    const state = seededState(7);
    const random = () => nextUniform(state);
    const bars = barsOf(Array.from({ length: 9_500 }, () => 90 + Math.round(20 * random())));
    const signals = Array.from({ length: 9_500 }, () => (random() < 0.02 ? 1 + Math.floor(random() * 9) : 0));
    const account = AccountSpec.parse({ cash: 1_000_000, sizing: { kind: 'fraction', fraction: 0.01 } });
    const strategy = { signals: [listed(signals)] as [Strategy] };
    const of = (count: number) => createTrialFigures({ bars: [firstBars(bars, count)], account, metrics: MetricSpec.parse({}) }, QUICK);
    const [whole] = of(9_500)([strategy]);
    for (const bar of [1, 2, 127, 128, 129, 130, 4_095, 4_096, 4_097, 8_200, 9_499, 9_500]) {
      const [{ end }] = of(bar)([strategy]) as [TrialFigures];
      expect(of(9_500)([strategy, strategy], { bar, ends: [end, null] })).toEqual([whole, whole]);
    }
  });

  it('can be any of a whole run', () => {
    fc.assert(
      fc.property(cases, accounts, fc.tuple(conventions, zones), ({ bars, signals }, account, [metrics, zone]) => {
        const names = Object.keys(METRICS) as MetricName[];
        const expected = wholeRun(bars, listed(signals), { account, metrics, zone });
        const [all] = createTrialFigures({ bars: [bars], account, metrics, zone }, names)([{ signals: [listed(signals)] }]);
        expect(Object.fromEntries(names.map((name, i) => [name, all!.figures[i]]))).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('count a buy at 10 and a sale at 12 as a fifth more', () => {
    // Signals: enter at bar 1, leave at bar 3; fills at the opens of bars 2 and 4. Lowest close in between: 9 of 10.
    const bars = barsOf([10, 10, [10, 10, 9, 9], 12, 12, 12]);
    const account = AccountSpec.parse({ cash: 100, fractional: true });
    const figuresOf = createTrialFigures({ bars: [bars], account, metrics: MetricSpec.parse({}) }, [
      'totalReturn',
      'maxDrawdown',
      'trades',
    ]);
    const [out] = figuresOf([{ signals: [listed([0, 1, 0, 2, 0, 0])] }]);
    expect([...out!.figures].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([0.2, -0.1, 1]);
  });
});

describe('the extremes of a range', () => {
  it('are those of its values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 150 }), fc.nat(), fc.nat(), (values, a, b) => {
        const from = a % values.length;
        const to = from + 1 + (b % (values.length - from));
        const extremes = createExtremes(Float64Array.from(values));
        extremes.look(from, to);
        const range = values.slice(from, to);
        expect(extremes).toMatchObject({ highest: Math.max(...range), lowest: Math.min(...range) });
      }),
      { numRuns: 500 },
    );
  });
});
