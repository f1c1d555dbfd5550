import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import type { Bars } from '../shared/bars.ts';
import { AccountSpec } from '../shared/spec.ts';
import { barsOf } from '../test/fixtures/bars.ts';
import { scripted } from '../test/fixtures/scripted-strategy.ts';
import { createRunSimulation, openPositions, tagsOf, type Decider, type RunInput, type RunState } from './run-simulation.ts';
import { ENTER_LONG, ENTER_SHORT, EXIT_LONG, type Strategy } from './strategy.ts';

const account = (input: z.input<typeof AccountSpec> = {}) => AccountSpec.parse({ cash: 1000, ...input });
const bars = barsOf([10, 11, 12, 13, 12, 11, 10, 9, 8, 9]);
const signals = scripted({ 1: ENTER_LONG, 4: ENTER_SHORT, 7: ENTER_LONG });

function inputOf(changes: Partial<RunInput> = {}): RunInput {
  return { bars: [bars], decider: { signals: [signals] }, account: account(), ...changes };
}

function resultOf(input: RunInput) {
  const run = createRunSimulation(input);
  run.advance(run.total);
  return { ...run.take(), state: run.state() };
}

describe('a run', () => {
  const withActions: Bars = {
    ...bars,
    actions: {
      splits: { ts: new Float64Array(), ratio: new Float64Array() },
      dividends: { ts: new Float64Array(), amount: new Float64Array() },
    },
  };
  const kindOf = (changes: Partial<RunInput>) => createRunSimulation(inputOf(changes)).state().kind;

  it('of signals on one symbol is simulated from event to event', () => {
    expect(kindOf({})).toBe('signals');
    expect(kindOf({ account: account({ leverage: 2, spread: 0.01, fees: { perUnit: 1 }, slippage: { relative: 0.01 } }) })).toBe('signals');
  });

  it.each<[string, Partial<RunInput>]>([
    ['of a trader', { decider: { trader: { firstDecision: 0, decide: () => undefined } } }],
    ['of two symbols', { bars: [bars, { ...bars, symbol: 'B' }], decider: { signals: [signals, signals] } }],
    ['with an instrument of its own', { instruments: { TEST: { multiplier: 2, minimumSize: 0, tradable: true } } }],
    ['with dividends', { bars: [withActions] }],
    ['with fills at closes', { account: account({ fill: 'same-close' }) }],
    ['with hedging', { account: account({ hedging: true }) }],
    ['with volume', { account: account({ slippage: { maxVolumeShare: 0.1 } }) }],
    ['with interest', { account: account({ interest: { borrow: 0.01 } }) }],
    ['with margin calls', { account: account({ maintenanceMargin: 0.2 }) }],
    ['with limits', { account: account({ limits: { exposure: 2 } }) }],
  ])('%s is simulated bar by bar', (_name, changes) => {
    expect(kindOf(changes)).toBe('orders');
  });

  it('gives the same curve, trades and orders either way', () => {
    const special = resultOf(inputOf());
    const general = resultOf(inputOf({ instruments: { TEST: { multiplier: 1, minimumSize: 0, tradable: true } } }));
    expect(special.orders.ts).toHaveLength(3);
    expect(special.state.kind).not.toBe(general.state.kind);
    for (const part of ['curve', 'trades', 'orders', 'logs'] as const) expect(special[part]).toEqual(general[part]);
    expect(openPositions(special.state, inputOf())).toEqual(openPositions(general.state, inputOf()));
    expect(openPositions(special.state, inputOf()).size).toHaveLength(1);
  });

  it('goes on in the simulation that its checkpoint is of', () => {
    const first = createRunSimulation(
      inputOf({ account: account({ fill: 'next-open' }), instruments: { TEST: { multiplier: 1, minimumSize: 0, tradable: true } } }),
    );
    first.advance(5);
    const state = JSON.parse(JSON.stringify(first.state())) as RunState;
    const second = createRunSimulation(inputOf({ state }));
    second.advance(second.total);
    expect(second.state()).toEqual(resultOf(inputOf({ instruments: { TEST: { multiplier: 1, minimumSize: 0, tradable: true } } })).state);
  });

  it('trades each symbol by its own signals, and none where there are none', () => {
    const other = barsOf([20, 20, 20, 20, 20, 20, 20, 20, 20, 20], 'OTHER');
    const still = barsOf([5, 5, 5, 5, 5, 5, 5, 5, 5, 5], 'STILL');
    const decider: Decider = { signals: [scripted({ 0: ENTER_LONG }), scripted({ 2: ENTER_LONG, 5: EXIT_LONG }), null] };
    const { orders } = resultOf(
      inputOf({ bars: [bars, other, still], decider, account: account({ sizing: { kind: 'units', units: 10 } }) }),
    );
    expect([...orders.symbol]).toEqual([0, 1, 1]);
    expect([...orders.bar]).toEqual([1, 3, 6]);
  });

  it('asks no strategy for bars that its symbol does not have', () => {
    let last = 0;
    const counting: Strategy = { firstDecision: 0, signals: (_from, toBar, out) => void (out.fill(0), (last = Math.max(last, toBar))) };
    resultOf(inputOf({ decider: { signals: [counting] }, account: account({ hedging: true }) }));
    expect(last).toBe(10);
  });

  it('knows the words of its tags', () => {
    const trader = {
      firstDecision: 0,
      decide: (context: { bar: number; buy: (request: object) => number }) =>
        void (context.bar === 1 && context.buy({ size: 1, tag: 'dip' })),
    };
    expect(tagsOf(resultOf(inputOf({ decider: { trader } })).state)).toEqual(['', 'dip']);
    expect(tagsOf(resultOf(inputOf()).state)).toEqual(['']);
  });
});
