import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRunSimulation, type RunState } from '../../engine/run-simulation.ts';
import type { Bars } from '../../shared/bars.ts';
import { Rules, type RulesInput } from '../../shared/rules.ts';
import { AccountSpec } from '../../shared/spec.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import { run, simulationOf } from '../../test/fixtures/ruled.ts';
import { prepareStrategy } from '../catalog.ts';
import { checkRules, prepareRules } from './rules-strategy.ts';

const LEVELS = { fractional: true } as const;

describe('an entry', () => {
  it('has a stop-loss and a take-profit at fractions of its price', () => {
    // Entered at the open of bar 2 (100). The stop lies at 90, the target at 120.
    const falls = barsOf([100, 100, 100, [100, 101, 89, 95], 95]);
    const rises = barsOf([100, 100, 100, [100, 121, 99, 110], 110]);
    const rules = { enterLong: 'close == 100', stopLoss: '0.1', takeProfit: '0.2' };
    expect(run(rules, { bars: [falls] }).trades).toMatchObject([{ bars: [2, 3], prices: [100, 90], reason: 'stop-loss' }]);
    expect(run(rules, { bars: [rises] }).trades).toMatchObject([{ bars: [2, 3], prices: [100, 120], reason: 'take-profit' }]);
  });

  it('takes the levels of the bar that decided', () => {
    const bars = { ...barsOf([100, 100, 100, [100, 101, 89, 95], 95]), extra: { width: Float64Array.of(9, 0.05, 9, 9, 9) } };
    expect(run({ enterLong: 'close == 100', stopLoss: 'width' }, { bars: [bars] }).trades).toMatchObject([{ prices: [100, 95] }]);
  });

  it('follows its best price with a trailing stop', () => {
    const bars = barsOf([100, 100, 100, [100, 150, 100, 150], [150, 150, 130, 130], 130]);
    expect(run({ enterLong: 'close == 100', trailingStop: '0.1' }, { bars: [bars] }).trades).toMatchObject([
      { bars: [2, 4], prices: [100, 135], reason: 'trailing-stop' },
    ]);
  });

  it('waits for its limit so many bars and no longer', () => {
    const rules = { enterLong: 'close == 100', exitLong: 'close > 105', limitPrice: 'close * 0.9', expireBars: '2' };
    const late = barsOf([100, 100, 101, 101, [101, 101, 80, 101], 110, 110]);
    const inTime = barsOf([100, 100, 101, [101, 101, 80, 101], 101, 110, 110]);
    expect(run(rules, { bars: [late] }).trades).toEqual([]);
    expect(run(rules, { bars: [inTime] }).trades).toMatchObject([{ bars: [3, 6], prices: [90, 110] }]);
  });

  it('that waits is cancelled by an exit, and not moved by another entry', () => {
    const rules = { enterLong: 'close >= 100 && close < 105', exitLong: 'close >= 105', limitPrice: 'close * 0.9' };
    expect(run(rules, { bars: [barsOf([100, 100, 105, [105, 105, 80, 105], 105])] }).trades).toEqual([]);
    expect(run(rules, { bars: [barsOf([100, 100, 104, [104, 104, 92, 104], [104, 104, 80, 104], 110, 110])] }).trades).toMatchObject([
      { bars: [4, 6], prices: [90, 110] },
    ]);
  });

  it('by a stop fills where the price is touched, for shorts below', () => {
    const rules = { enterShort: 'close == 100', exitShort: 'close < 90', stopPrice: 'close * 0.95' };
    expect(run(rules, { bars: [barsOf([100, 100, 98, [98, 98, 90, 91], 80, 80])] }).trades).toMatchObject([
      { bars: [3, 5], prices: [95, 80] },
    ]);
  });

  it('is sized as a fraction of the money', () => {
    const bars = barsOf([100, 100, 100, 110, 110]);
    const rules = { enterLong: 'close == 100', exitLong: 'close > 105', size: '0.25' };
    expect(run(rules, { bars: [bars] }).trades).toMatchObject([{ size: 25 }]);
    const two = { bars: [bars, { ...bars, symbol: 'OTHER' }] };
    expect(run(rules, two).trades).toMatchObject([{ size: 25 }, { size: 25 }]);
  });

  it('carries a tag', () => {
    const bars = barsOf([100, 100, 100, 110, 110, 100, 120, 130, 130]);
    const rules = { enterLong: 'close <= 110', exitLong: 'close > 105', tag: "close > 105 ? 'high' : 'low'", size: '0.5' };
    expect(run(rules, { bars: [bars] }).trades.map(({ tag }) => tag)).toEqual(['low', 'high']);
  });

  it('is not made where its stop or its size is not known', () => {
    const bars = { ...barsOf([100, 100, 100, 110, 110]), extra: { width: new Float64Array(5).fill(NaN) } };
    for (const unknown of ['width', '0', '-1', '1 / 0']) {
      expect(run({ enterLong: 'close == 100', exitLong: 'close > 105', stopLoss: unknown }, { bars: [bars] }).orders).toBe(0);
      expect(run({ enterLong: 'close == 100', exitLong: 'close > 105', size: unknown }, { bars: [bars] }).orders).toBe(0);
    }
  });
});

describe('weights', () => {
  const up = barsOf([10, 10, 10, 20, 20, 20], 'UP');
  const flat = barsOf([10, 10, 10, 10, 10, 10], 'FLAT');

  it('are set at once and then at every bar', () => {
    const { simulation } = run({ weight: '0.5' }, { bars: [up, flat], account: LEVELS });
    // Bar 3: 500 of each are worth 10,000 and 5,000, so a quarter of the one is sold for the other at the open of bar 4.
    const { lots } = (simulation.state() as Extract<RunState, { kind: 'orders' }>).of;
    expect(lots.map((own) => own.reduce((sum, { units }) => sum + units, 0))).toEqual([375, 750]);
  });

  it('are left alone until they are due', () => {
    const { simulation } = run({ weight: '0.5', rebalance: 'quarterly' }, { bars: [up, flat], account: LEVELS });
    const { lots } = (simulation.state() as Extract<RunState, { kind: 'orders' }>).of;
    expect(lots.map((own) => own.reduce((sum, { units }) => sum + units, 0))).toEqual([500, 500]);
  });

  it('are due when a condition holds on the bars of the first symbol', () => {
    const { simulation } = run(
      { weight: '0.5', rebalance: 'close == 40' },
      { bars: [barsOf([10, 10, 10, 20, 40, 40]), flat], account: LEVELS },
    );
    // 500 of each until bar 4, where they are worth 20,000 and 5,000: at the open of bar 5 each gets 12,500.
    const { lots } = (simulation.state() as Extract<RunState, { kind: 'orders' }>).of;
    expect(lots.map((own) => own.reduce((sum, { units }) => sum + units, 0))).toEqual([312.5, 1250]);
  });

  it('are those of the best, by rank, and 0 outside of the universe', () => {
    const { simulation } = run({ weight: '1', universe: 'rank(close) == 1 && close > 10' }, { bars: [up, flat], account: LEVELS });
    const { lots } = (simulation.state() as Extract<RunState, { kind: 'orders' }>).of;
    expect(lots.map((own) => own.reduce((sum, { units }) => sum + units, 0))).toEqual([500, 0]);
  });

  it('are not touched by symbols that only give a number', () => {
    const { simulation } = run({ weight: 'rank(close) == 1 ? 1 : 0' }, { bars: [up, flat], account: LEVELS, traded: [1] });
    const { lots } = (simulation.state() as Extract<RunState, { kind: 'orders' }>).of;
    expect(lots.map((own) => own.length)).toEqual([0, 0]);
  });
});

const moves = fc.array(fc.double({ min: 0.8, max: 1.25, noNaN: true }), { minLength: 30, maxLength: 120 });

function walk(steps: readonly number[], symbol: string): Bars {
  let last = 100;
  const rows = steps.map((step): [number, number, number, number] => {
    const open = last;
    last = open * step;
    return [open, Math.max(open, last) * 1.02, Math.min(open, last) * 0.98, last];
  });
  return barsOf(rows, symbol);
}

const RULES: [string, RulesInput][] = [
  [
    'brackets, limits and tags',
    {
      enterLong: 'crossOver(close, sma(close, 3))',
      exitLong: 'crossUnder(close, sma(close, 5))',
      enterShort: 'close < lowest(close, 4)[1]',
      stopLoss: 'atr(3) / close',
      takeProfit: '0.2',
      trailingStop: '0.1',
      limitPrice: 'close * (close > open ? 0.99 : 1.01)',
      expireBars: '3',
      size: '0.4',
      tag: "close > open ? 'up' : 'down'",
    },
  ],
  ['weights', { weight: '1 / (2 * rank(roc(close, 3)))', universe: 'close > sma(close, 5)', rebalance: 'weekly' }],
  ['weights by a condition', { weight: 'zscore(close, 4) / 4', rebalance: 'crossOver(close, open)' }],
];

describe('a run of rules that is cut', () => {
  it.each(RULES)('gives the same bytes as one that is not: %s', (_, rules) => {
    fc.assert(
      fc.property(moves, fc.array(fc.nat({ max: 120 }), { maxLength: 5 }), (steps, cuts) => {
        const bars = [walk(steps, 'A'), walk(steps.toReversed(), 'B')];
        const job = { bars, account: { fees: { relative: 0.001 }, fractional: true } };
        const whole = simulationOf(rules, job);
        whole.advance(whole.total);
        let state: RunState | undefined;
        const equity: number[] = [];
        for (const until of [...cuts.toSorted((a, b) => a - b), whole.total]) {
          const part = simulationOf(rules, { ...job, bars: structuredClone(bars) }, state);
          part.advance(until);
          equity.push(...part.take().curve.equity);
          state = JSON.parse(JSON.stringify(part.state())) as RunState;
        }
        expect(equity).toEqual([...whole.take().curve.equity]);
        expect(JSON.stringify(state)).toBe(JSON.stringify(whole.state()));
      }),
      { numRuns: 60 },
    );
  });
});

describe('built-in strategies written as rules', () => {
  const equityOf = (bars: Bars, decider: Parameters<typeof createRunSimulation>[0]['decider']) => {
    const simulation = createRunSimulation({ bars: [bars], decider, account: AccountSpec.parse({ fees: { relative: 0.001 } }) });
    simulation.advance(bars.ts.length);
    const { curve, trades, orders } = simulation.take();
    return [curve, trades, orders].map((block) => Object.values(block).map((column) => [...new Uint8Array(column.slice().buffer)]));
  };
  const market = (bars: Bars) => ({ bars: [bars], traded: [0], calendar: [bars.ts] });

  it.each([
    ['long', 'crossUnder(f, s)', undefined],
    ['long-short', undefined, 'crossUnder(f, s)'],
  ])('give the same bytes: sma-cross %s', (direction, exitLong, enterShort) => {
    const rules = Rules.parse({
      params: { fast: { type: 'integer', min: 1, max: 99 }, slow: { type: 'integer', min: 2, max: 99 } },
      let: { f: 'sma(close, fast)', s: 'sma(close, slow)' },
      enterLong: 'crossOver(f, s)',
      exitLong,
      enterShort,
    });
    fc.assert(
      fc.property(moves, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 20 }), (steps, fast, more) => {
        const bars = walk(steps, 'A');
        const params = { fast, slow: fast + more };
        const builtIn = prepareStrategy({ name: 'sma-cross', params: { ...params, direction } }, bars);
        expect(equityOf(bars, prepareRules({ rules, params }, market(bars)))).toEqual(equityOf(bars, { signals: [builtIn] }));
      }),
      { numRuns: 60 },
    );
  });

  it('give the same bytes: rsi-reversion', () => {
    const rules = Rules.parse({
      params: { period: { type: 'integer', min: 2, max: 99, default: 5 } },
      enterLong: 'rsi(close, period) < 35',
      exitLong: 'rsi(close, period) > 55',
    });
    fc.assert(
      fc.property(moves, fc.integer({ min: 2, max: 20 }), (steps, period) => {
        const bars = walk(steps, 'A');
        const builtIn = prepareStrategy({ name: 'rsi-reversion', params: { period } }, bars);
        expect(equityOf(bars, prepareRules({ rules, params: { period } }, market(bars)))).toEqual(equityOf(bars, { signals: [builtIn] }));
      }),
      { numRuns: 60 },
    );
  });
});

describe('the parameters of rules', () => {
  const rules = Rules.parse({
    params: { n: { type: 'integer', min: 2, max: 9 }, x: { type: 'number', min: 0, max: 1, default: 0.5 } },
    enterLong: 'sma(close, n) > x',
    exitLong: 'cloes < x',
  });

  it('are checked with the expressions, every fault at once', () => {
    expect(checkRules({ rules, params: { n: 1, y: 2 } }).faults.map(({ path }) => path)).toEqual([
      'strategy.params.n',
      'strategy.params.y',
      'strategy.rules.exitLong',
    ]);
    expect(checkRules({ rules, params: {} }).faults.map(({ path }) => path)).toEqual(['strategy.params.n', 'strategy.rules.exitLong']);
  });

  it('get their defaults', () => {
    const sound = { ...rules, exitLong: 'close < x' };
    expect(checkRules({ rules: sound, params: { n: 3 } })).toMatchObject({ params: { n: 3, x: 0.5 }, faults: [], warnings: [] });
  });
});
