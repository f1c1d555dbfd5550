import { describe, expect, it } from 'vitest';
import { createPortfolioSimulation } from '../engine/portfolio-simulation.ts';
import type { Bars } from '../shared/bars.ts';
import { AccountSpec } from '../shared/spec.ts';
import { barsOf } from '../test/fixtures/bars.ts';
import { defineModule, type StrategyModule } from './define-module.ts';
import { moduleIndicatorColumns } from './module-indicators.ts';
import { createModuleTrader, indicatorsIn } from './module-trader.ts';
import { strategy as turnOfMonth } from './modules/turn-of-month.ts';
import { notPlain } from './plain-state.ts';

const account = AccountSpec.parse({ cash: 1_000 });

interface TraderOptions {
  params?: Record<string, number>;
  sourceHash?: string;
  bars?: readonly Bars[];
}

function traderOf(module: StrategyModule, { params = {}, sourceHash = 'a', bars = [] }: TraderOptions = {}) {
  return createModuleTrader({ name: 'example', sourceHash, module, params, bars, pulse: new Int32Array(1) });
}

const counter = defineModule({
  title: 'Counter',
  description: '',
  params: {},
  warmUp: () => 2,
  init: (context) => ({ calls: 0, firstBar: context.bar }),
  next(context, state) {
    state.calls += 1;
    if (state.calls === 2) context.buy({ size: 1 });
  },
});

describe('a module that trades', () => {
  it('is asked first at the bar after its warm-up, and keeps its state from bar to bar', () => {
    const trader = traderOf(counter);
    const simulation = createPortfolioSimulation({ bars: [barsOf([10, 11, 12, 13, 14, 15])], trader, account });
    simulation.advance(6);
    expect(simulation.state().memory).toEqual({ sourceHash: 'a', state: { calls: 4, firstBar: 2 } });
    const { orders } = simulation.take();
    // Asked at the bars 2 and 3; bought at the open of bar 4.
    expect([...orders.bar]).toEqual([4]);
  });

  it('goes on from a checkpoint as if nothing had happened', () => {
    const bars = [barsOf([10, 11, 12, 13, 14, 15])];
    const whole = createPortfolioSimulation({ bars, trader: traderOf(counter), account });
    whole.advance(6);
    for (const cut of [1, 2, 3, 4, 5]) {
      const before = createPortfolioSimulation({ bars, trader: traderOf(counter), account });
      before.advance(cut);
      const state = JSON.parse(JSON.stringify(before.state()));
      const after = createPortfolioSimulation({ bars, trader: traderOf(counter), account, state });
      after.advance(6);
      expect(after.state()).toEqual(whole.state());
    }
  });

  it('does not go on with half a run of another version of its source', () => {
    const bars = [barsOf([10, 11, 12, 13])];
    const before = createPortfolioSimulation({ bars, trader: traderOf(counter), account });
    before.advance(3);
    const edited = traderOf(counter, { sourceHash: 'b' });
    expect(() => createPortfolioSimulation({ bars, trader: edited, account, state: before.state() })).toThrow(/example was edited/);
  });

  it('fails with the bar, the time and the error when it throws', () => {
    const module = defineModule({ ...counter, params: {}, next: () => (null as unknown as { length: number }).length });
    const simulation = createPortfolioSimulation({ bars: [barsOf([10, 11, 12])], trader: traderOf(module), account });
    const failure = failureOf(() => simulation.advance(3));
    expect(failure).toMatchObject({ code: 'strategy_failed' });
    expect(failure.message).toMatch(/^example failed at bar 2 \(\d{4}-\d\d-\d\dT\S+Z\): TypeError: Cannot read properties of null/);
  });

  it('fails when it keeps what a checkpoint cannot give back', () => {
    const module = defineModule({ ...counter, params: {}, init: () => ({ seen: new Set() }), next: () => undefined });
    const simulation = createPortfolioSimulation({ bars: [barsOf([10, 11, 12])], trader: traderOf(module), account });
    expect(failureOf(() => simulation.advance(3)).message).toMatch(/state\.seen is a Set/);
  });
});

function failureOf(act: () => void): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

describe('what a module notes and declares', () => {
  it('can be shown beside the prices: plots by bar and symbol, and the indicators without its code', () => {
    const module = defineModule({
      ...counter,
      params: {},
      indicators: () => ({ mean: { use: 'sma', params: [2] }, bands: { use: 'bollinger', params: [2, 1] } }),
      next(context) {
        context.plot('gap', context.symbol('B').close() - context.symbol('A').close(), 'B');
      },
    });
    const bars = [barsOf([1, 2, 3, 4], 'A'), barsOf([2, 4, 6, 8], 'B')];
    const simulation = createPortfolioSimulation({ bars, trader: traderOf(module, { bars }), account });
    simulation.advance(4);
    const { plots } = simulation.take();
    expect([[...plots!.symbol], [...plots!.value]]).toEqual([
      [1, 1],
      [3, 4],
    ]);
    const declared = indicatorsIn(simulation.state().memory)!;
    const columns = moduleIndicatorColumns(declared, bars[1]!);
    expect([...columns['mean']!]).toEqual([NaN, 3, 5, 7]);
    // The population's deviation of two values 2 apart is 1.
    expect([...columns['bands.upper']!]).toEqual([NaN, 4, 6, 8]);
  });

  it('is nothing for what is no module', () => {
    expect(indicatorsIn(true)).toBeNull();
  });
});

describe('the indicators of a module', () => {
  const module = (indicators: NonNullable<StrategyModule['indicators']>, read: StrategyModule['next']): StrategyModule =>
    defineModule({ title: 'Indicators', description: '', params: {}, indicators, init: () => ({ seen: [] as number[] }), next: read });

  it('show the value of each bar, of those before, and nothing of those to come', () => {
    const bars = [barsOf([1, 2, 3, 4, 5])];
    const read = module(
      () => ({ mean: { use: 'sma', params: [2] }, top: { use: 'highest', params: [3], of: 'open' } }),
      (context, state) => {
        const { seen } = state as { seen: number[] };
        seen.push(
          context.indicator('mean'),
          context.indicator('mean', { ago: 1 }),
          context.indicator('top'),
          context.indicator('mean', { ago: -1 }),
        );
      },
    );
    const simulation = createPortfolioSimulation({ bars, trader: traderOf(read, { bars }), account });
    simulation.advance(4);
    const { state } = simulation.state().memory as unknown as { state: { seen: number[] } };
    expect(state.seen.slice(0, 4)).toEqual([NaN, NaN, NaN, NaN]);
    expect(state.seen.slice(12)).toEqual([3.5, 2.5, 4, NaN]);
  });

  it('have outputs by name, for each symbol', () => {
    const bars = [barsOf([1, 1, 1], 'A'), barsOf([10, 20, 30], 'B')];
    const read = module(
      () => ({ bands: { use: 'donchian', params: [2] } }),
      (context, state) => void (state as { seen: number[] }).seen.push(context.indicator('bands', { symbol: 'B', output: 'lower' })),
    );
    const simulation = createPortfolioSimulation({ bars, trader: traderOf(read, { bars }), account });
    simulation.advance(3);
    expect(simulation.state().memory).toMatchObject({ state: { seen: [NaN, 10, 20] } });
  });

  it.each([
    ['indicators.x: "smaa" is not known; did you mean "sma"?', { use: 'smaa', params: [2] }],
    ['indicators.x: period of sma lies from', { use: 'sma', params: [0] }],
    ['indicators.x: period of sma lies from', { use: 'sma' }],
    ['indicators.x: sma takes 1 parameters, not 2', { use: 'sma', params: [2, 3] }],
    ['indicators.x: correlation takes 2 series', { use: 'correlation', params: [20] }],
  ])('are refused with what is wrong: %s', (message, use) => {
    expect(() =>
      traderOf(
        module(
          () => ({ x: use }),
          () => undefined,
        ),
        { bars: [barsOf([1])] },
      ),
    ).toThrow(message);
  });

  it('fail the run where the module names one that it has not declared', () => {
    const bars = [barsOf([1, 2])];
    const read = module(
      () => ({ mean: { use: 'sma', params: [2] } }),
      (context) => void context.indicator('meen'),
    );
    const simulation = createPortfolioSimulation({ bars, trader: traderOf(read, { bars }), account });
    expect(failureOf(() => simulation.advance(2)).message).toMatch(/the indicator "meen" is not known; did you mean "mean"\?/);
  });
});

describe('what a module may remember', () => {
  it('is anything that comes back the same', () => {
    expect(notPlain({ a: [1, -0, NaN, 'x', null, true, { b: [] }] }, 'state')).toBeNull();
  });

  it.each([
    ['state.a is undefined: write null', { a: undefined }],
    ['state.a[1] is a Date', { a: [0, new Date()] }],
    ['state.a is a function', { a: () => 1 }],
    ['state.a is a Float64Array', { a: new Float64Array(1) }],
    ['state.b is an object that is there twice', ((shared) => ({ a: shared, b: shared }))({ x: 1 })],
  ])('is not: %s', (fault, value) => {
    expect(notPlain(value, 'state')).toBe(fault);
  });
});

describe('the example module', () => {
  it('buys late in the month at the next open, and sells early in the next one', () => {
    const days = Array.from({ length: 40 }, (_, i) => Date.UTC(2024, 0, 10 + i));
    const bars = { ...barsOf(days.map(() => 10)), ts: Float64Array.from(days) };
    const trader = traderOf(turnOfMonth, { params: { enterDay: 26, exitDay: 4, stopLoss: 0.03 } });
    const simulation = createPortfolioSimulation({ bars: [bars], trader, account });
    simulation.advance(40);
    const { trades, logs } = simulation.take();
    // Decided on 26 January and 4 February, filled a day later; 10 January is bar 0.
    expect([...trades.entryBar]).toEqual([17]);
    expect([...trades.exitBar]).toEqual([26]);
    expect(logs).toEqual([{ bar: 25, message: 'Held over the turn after 2024-01' }]);
  });

  it('leaves by its stop, and waits for the next month then', () => {
    const days = Array.from({ length: 20 }, (_, i) => Date.UTC(2024, 0, 24 + i));
    const closes = days.map((_, i) => (i < 5 ? 100 : 90));
    const bars = { ...barsOf(closes), ts: Float64Array.from(days) };
    const trader = traderOf(turnOfMonth, { params: { enterDay: 26, exitDay: 4, stopLoss: 0.03 } });
    const simulation = createPortfolioSimulation({ bars: [bars], trader, account });
    simulation.advance(20);
    const { trades } = simulation.take();
    // Bought at 100 on the 27th, bar 3; on the 29th, bar 5, the price is beyond the stop at 97.
    expect([...trades.entryBar]).toEqual([3]);
    expect([...trades.exitBar]).toEqual([5]);
    expect(simulation.state().lots).toEqual([[]]);
  });
});
