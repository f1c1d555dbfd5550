import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { EXIT_REASONS } from '../shared/run.ts';
import { AccountSpec } from '../shared/spec.ts';
import { barsOf } from '../test/fixtures/bars.ts';
import { scripted } from '../test/fixtures/scripted-strategy.ts';
import { openTrades } from './open-trades.ts';
import { createSimulation } from './simulation.ts';
import { ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT } from './strategy.ts';

type Row = number | [open: number, high: number, low: number, close: number];
type AccountInput = z.input<typeof AccountSpec>;

function run(rows: Row[], signals: Record<number, number>, account: AccountInput = {}) {
  const bars = barsOf(rows);
  const simulation = createSimulation({ bars, strategy: scripted(signals), account: AccountSpec.parse({ cash: 1000, ...account }) });
  simulation.advance(bars.ts.length);
  const { curve, trades } = simulation.take();
  const state = simulation.state();
  const rowOf = (i: number) => Object.fromEntries(Object.entries(trades).map(([name, column]) => [name, column[i]]));
  return { simulation, state, bars, equity: [...curve.equity], curve, trades, rowOf, open: openTrades(state, bars) };
}

const unitsEach = (units: number): AccountInput => ({ sizing: { kind: 'units', units } });
const tenUnits = unitsEach(10);

describe('a fill', () => {
  it('comes at the open after the decision, and the account is marked at each close', () => {
    const rows: Row[] = [10, 10, [12, 15, 11, 14], [16, 18, 15, 17], 20];
    const { equity, curve, trades, rowOf } = run(rows, { 1: ENTER_LONG, 2: EXIT_LONG }, tenUnits);
    // Bought 10 at 12 in bar 2 (cash 880), worth 14 at its close; sold at 16 in bar 3.
    expect(equity).toEqual([1000, 1000, 1020, 1040, 1040]);
    expect([...curve.cash]).toEqual([1000, 1000, 880, 1040, 1040]);
    expect([...curve.exposure]).toEqual([0, 0, 140 / 1020, 0, 0]);
    expect(trades.size).toHaveLength(1);
    expect(rowOf(0)).toMatchObject({ size: 10, entryBar: 2, entryPrice: 12, exitBar: 3, exitPrice: 16, pnl: 40, fees: 0 });
    expect(rowOf(0)).toMatchObject({ entryTs: curve.ts[2], exitTs: curve.ts[3], symbol: 0, exitReason: EXIT_REASONS.indexOf('signal') });
  });

  it('pays the relative and the fixed fee at entry and at exit', () => {
    const { equity, rowOf } = run(
      [10, 10, 10, 20, 20],
      { 0: ENTER_LONG, 2: EXIT_LONG },
      { ...tenUnits, fees: { relative: 0.01, fixed: 2 } },
    );
    // Entry 100 × 1 % + 2 = 3, exit 200 × 1 % + 2 = 4.
    expect(equity).toEqual([1000, 997, 997, 1093, 1093]);
    expect(rowOf(0)).toMatchObject({ fees: 7, pnl: 93 });
  });

  it('slips against the trader: a long buys higher and sells lower', () => {
    const { equity, rowOf } = run([10, 10, 10, 10], { 0: ENTER_LONG, 1: EXIT_LONG }, { ...tenUnits, slippage: { relative: 0.5 } });
    expect(rowOf(0)).toMatchObject({ entryPrice: 15, exitPrice: 5, pnl: -100 });
    expect(equity).toEqual([1000, 950, 900, 900]);
  });

  it('slips against the trader: a short sells lower and buys back higher', () => {
    const { rowOf } = run([10, 10, 10, 10], { 0: ENTER_SHORT, 1: EXIT_SHORT }, { ...tenUnits, slippage: { relative: 0.5 } });
    expect(rowOf(0)).toMatchObject({ size: -10, entryPrice: 5, exitPrice: 15, pnl: -100 });
  });

  it('does not come after the last bar', () => {
    const { state, trades, equity } = run([10, 10, 10], { 2: ENTER_LONG });
    expect(equity).toEqual([1000, 1000, 1000]);
    expect(trades.size).toHaveLength(0);
    expect(state).toMatchObject({ ended: 'end-of-data', position: null, order: { target: 1 } });
  });

  it('waits for a bar with a price, and never uses a NaN', () => {
    const { state, equity } = run([10, [NaN, NaN, NaN, 10], [0, 0, 0, 10], [20, 20, 20, 20]], { 0: ENTER_LONG }, tenUnits);
    expect(state.position).toMatchObject({ entryBar: 3, entryPrice: 20, units: 10 });
    expect(equity).toEqual([1000, 1000, 1000, 1000]);
  });
});

describe('the size of an entry', () => {
  const entered = (price: number, account: AccountInput) => run([10, price, price], { 0: ENTER_LONG }, account).state;

  it('is all the money by default, in whole units, with the fee set aside', () => {
    // 1000 / (9 × 1.01) = 110.01
    expect(entered(9, { fees: { relative: 0.01 } }).position).toMatchObject({ units: 110 });
  });

  it('spends all the money on fractional units', () => {
    const { position, cash } = entered(8, { fees: { relative: 0.25 }, fractional: true });
    expect(position?.units).toBeCloseTo(100, 10);
    expect(Math.abs(cash)).toBeLessThan(1e-9);
  });

  it('is a fraction of the money, times leverage', () => {
    // 0.3 × 2 × 1000 = 600
    expect(entered(7, { sizing: { kind: 'fraction', fraction: 0.3 }, leverage: 2 }).position).toMatchObject({ units: 85 });
  });

  it('sets the fixed fee aside', () => {
    // (0.5 × 1000 - 20) / 10
    expect(entered(10, { sizing: { kind: 'fraction', fraction: 0.5 }, fees: { fixed: 20 } }).position).toMatchObject({ units: 48 });
  });

  it('is an amount of money, fees included and not times leverage', () => {
    // (250 - 10) / (10 × 1.2)
    const account: AccountInput = { sizing: { kind: 'cash', amount: 250 }, fees: { relative: 0.2, fixed: 10 }, leverage: 3 };
    expect(entered(10, account).position).toMatchObject({ units: 20 });
  });

  it('is a number of units, cut to whole ones where no others exist', () => {
    expect(entered(10, unitsEach(2.5)).position).toMatchObject({ units: 2 });
    expect(entered(10, { ...unitsEach(2.5), fractional: true }).position).toMatchObject({ units: 2.5 });
  });

  it('borrows up to the leverage', () => {
    const { position, cash } = entered(7, { leverage: 3 });
    // floor(3000 / 7) = 428
    expect(position).toMatchObject({ units: 428 });
    expect(cash).toBe(1000 - 428 * 7);
  });
});

describe('an entry that the money does not suffice for', () => {
  it('is dropped and counted', () => {
    const { state, equity } = run([10, 10, 10, 10], { 0: ENTER_LONG, 1: ENTER_LONG }, unitsEach(101));
    expect(state).toMatchObject({ dropped: 2, position: null, order: null });
    expect(equity).toEqual([1000, 1000, 1000, 1000]);
  });

  it('is dropped when only the fee is missing', () => {
    expect(run([10, 10], { 0: ENTER_LONG }, unitsEach(100)).state.dropped).toBe(0);
    expect(run([10, 10], { 0: ENTER_LONG }, { ...unitsEach(100), fees: { fixed: 0.01 } }).state.dropped).toBe(1);
  });

  it('is dropped when not one whole unit can be paid', () => {
    expect(run([10, 1001], { 0: ENTER_LONG }).state).toMatchObject({ dropped: 1, position: null });
  });
});

describe('a reversal', () => {
  it('closes first and sizes from the money after the close, both at the same open', () => {
    const { rowOf, state, equity } = run([10, 9, 9, 30, 30], { 0: ENTER_LONG, 2: ENTER_SHORT }, { fees: { fixed: 10 } });
    // Long floor(990 / 9) = 109 (1000 × (1 - 2^-52) lies below 1000): cash 1000 - 981 - 10 = 9.
    // At 30: cash 9 + 3270 - 10 = 3269, then short floor(3259 / 30) = 108: cash 3269 + 3240 - 10.
    expect(rowOf(0)).toMatchObject({ size: 109, entryPrice: 9, exitPrice: 30, exitBar: 3, pnl: 109 * 21 - 20 });
    expect(state.position).toMatchObject({ units: -108, entryPrice: 30, entryBar: 3, entryFee: 10 });
    expect(state.cash).toBe(6499);
    expect(equity.at(-1)).toBe(3259);
  });

  it('leaves the account flat when the money suffices for the close only', () => {
    const { state, trades } = run([10, 10, 18, 18], { 0: ENTER_SHORT, 1: ENTER_LONG }, unitsEach(95));
    // Short 95 at 10 (cash 1950), bought back at 18: cash 240, and 95 × 18 does not fit.
    expect(trades.size).toHaveLength(1);
    expect(state).toMatchObject({ position: null, cash: 240, dropped: 1 });
  });
});

describe('signals', () => {
  it('that do not fit the position change nothing', () => {
    const { trades, state } = run([10, 10, 10, 10, 10], { 0: EXIT_LONG | EXIT_SHORT, 1: ENTER_LONG, 2: ENTER_LONG | EXIT_SHORT }, tenUnits);
    expect(trades.size).toHaveLength(0);
    expect(state.position).toMatchObject({ entryBar: 2, units: 10 });
  });

  it('to enter both sides at once contradict each other and are ignored', () => {
    expect(run([10, 10, 10], { 0: ENTER_LONG | ENTER_SHORT }).state).toMatchObject({ position: null, order: null });
    const { rowOf } = run([10, 10, 10, 10], { 0: ENTER_LONG, 1: ENTER_LONG | ENTER_SHORT | EXIT_LONG }, tenUnits);
    expect(rowOf(0)).toMatchObject({ exitBar: 2 });
  });

  it('of bars before the first decision are not used', () => {
    const bars = barsOf([10, 10, 10, 10]);
    const strategy = scripted({ 0: ENTER_LONG, 1: ENTER_LONG }, 2);
    const simulation = createSimulation({ bars, strategy, account: AccountSpec.parse({}) });
    simulation.advance(4);
    expect(simulation.state().position).toBeNull();
  });

  it('are asked for bar by bar once, never beyond the bar to advance to', () => {
    const asked: number[] = [];
    const strategy = {
      firstDecision: 1,
      signals(fromBar: number, toBar: number, out: Uint8Array) {
        for (let bar = fromBar; bar < toBar; bar++) asked.push(bar);
        out.fill(0, 0, toBar - fromBar);
      },
    };
    const simulation = createSimulation({ bars: barsOf([10, 10, 10, 10, 10]), strategy, account: AccountSpec.parse({}) });
    simulation.advance(3);
    expect(asked).toEqual([1, 2]);
    simulation.advance(99);
    expect(asked).toEqual([1, 2, 3, 4]);
  });
});

describe('bankruptcy', () => {
  it('ends the run at the first close without equity, and closes what is open there', () => {
    const { equity, state } = run([10, 10, [10, 10, 4, 5], 20], { 0: ENTER_LONG }, { leverage: 2 });
    // 199 units for 1990 (cash -990), worth 995 at the close of bar 2: equity 5 is no end yet.
    expect(state.ended).toBe('end-of-data');
    expect(equity).toEqual([1000, 1000, 5, 199 * 20 - 990]);
    const broke = run([10, 10, [10, 10, 4, 4], 20], { 0: ENTER_LONG }, { leverage: 2 });
    expect(broke.equity).toEqual([1000, 1000, -990 + 199 * 4]);
    expect(broke.rowOf(0)).toMatchObject({ exitBar: 2, exitPrice: 4, pnl: -1194, exitReason: EXIT_REASONS.indexOf('bankrupt') });
    expect(broke.state).toMatchObject({ bar: 3, ended: 'bankrupt', position: null, order: null });
    expect(broke.simulation.total).toBe(4);
  });

  it('comes when the equity is exactly 0', () => {
    const { equity, state } = run([10, 10, 20, 10], { 0: ENTER_SHORT }, { ...tenUnits, cash: 100 });
    expect(equity).toEqual([100, 100, 0]);
    expect(state.ended).toBe('bankrupt');
  });

  it('charges the close, and the last point holds what is left', () => {
    const fees = { fixed: 10 };
    const { equity, curve, rowOf, state } = run([10, 10, 25], { 0: ENTER_SHORT }, { ...tenUnits, cash: 140, fees });
    // Short 10 at 10: cash 140 + 100 - 10 = 230, equity 130. At 25 the debt is 250: equity -20, after the fee -30.
    expect(equity).toEqual([140, 130, -30]);
    expect([curve.cash.at(-1), curve.exposure.at(-1), state.cash]).toEqual([-30, 0, -30]);
    expect(rowOf(0)).toMatchObject({ pnl: -170, fees: 20, exitPrice: 25 });
  });

  it('also ends a flat account whose last money went into fees', () => {
    const account = { ...unitsEach(1), cash: 160, fees: { fixed: 80 } };
    const broke = run([10, 10, 10, 10, 10], { 0: ENTER_LONG, 1: EXIT_LONG }, account);
    expect(broke.equity).toEqual([160, 80, 0]);
    expect(broke.state).toMatchObject({ ended: 'bankrupt', bar: 3, position: null });
  });
});

describe('mae and mfe', () => {
  it('are the worst and best moves while the position was open, entry bar included', () => {
    const rows: Row[] = [100, [100, 120, 95, 110], [110, 115, 80, 90], [105, 400, 1, 100]];
    const { rowOf } = run(rows, { 0: ENTER_LONG, 2: EXIT_LONG });
    expect(rowOf(0)?.mae).toBeCloseTo(-0.2, 14);
    expect(rowOf(0)?.mfe).toBeCloseTo(0.2, 14);
  });

  it('turn around for a short', () => {
    const { rowOf } = run([100, [100, 120, 95, 110], [110, 115, 80, 90], 100], { 0: ENTER_SHORT, 2: EXIT_SHORT });
    expect(rowOf(0)?.mae).toBeCloseTo(-0.2, 14);
    expect(rowOf(0)?.mfe).toBeCloseTo(0.2, 14);
  });

  it('count the open at which it was left, and are 0 rather than -0 without a move', () => {
    expect(run([100, 100, 70], { 0: ENTER_LONG, 1: EXIT_LONG }).rowOf(0)?.mae).toBeCloseTo(-0.3, 14);
    expect(run([100, 100, 100], { 0: ENTER_SHORT, 1: EXIT_SHORT }).rowOf(0)).toMatchObject({ mae: 0, mfe: 0, pnl: 0 });
  });
});

describe('what is open at the end', () => {
  it('is listed at the last close, without an exit fee', () => {
    const { open, equity, bars } = run([10, 10, 10, 13], { 1: ENTER_LONG }, { ...tenUnits, fees: { fixed: 3 } });
    const row = Object.fromEntries(Object.entries(open).map(([name, column]) => [name, [...column]]));
    expect(row).toMatchObject({ size: [10], entryBar: [2], exitBar: [3], exitPrice: [13], pnl: [27], fees: [3] });
    expect(row).toMatchObject({ exitTs: [bars.ts[3]], exitReason: [EXIT_REASONS.indexOf('end')] });
    expect(equity.at(-1)).toBe(1000 + 27);
  });

  it('is an empty list when the account is flat', () => {
    expect(run([10, 10], {}).open.size).toHaveLength(0);
  });
});

describe('too few bars', () => {
  it('give a run that has ended before it began where there is none', () => {
    const { simulation, equity, curve, open } = run([], {});
    expect(simulation).toMatchObject({ total: 0, bar: 0, ended: 'end-of-data' });
    expect([equity, curve.ts.length, open.size.length]).toEqual([[], 0, 0]);
  });

  it('give a flat curve where no decision is possible', () => {
    const bars = barsOf([10, 11]);
    const simulation = createSimulation({ bars, strategy: scripted({ 0: ENTER_LONG }, 30), account: AccountSpec.parse({ cash: 5 }) });
    simulation.advance(2);
    expect(simulation.ended).toBe('end-of-data');
    expect([...simulation.take().curve.equity]).toEqual([5, 5]);
  });
});

describe('taking', () => {
  it('hands over what was appended since the last time, once', () => {
    const simulation = createSimulation({
      bars: barsOf([10, 10, 10, 20, 20]),
      strategy: scripted({ 0: ENTER_LONG, 2: EXIT_LONG }),
      account: AccountSpec.parse({ cash: 1000, ...tenUnits }),
    });
    simulation.advance(2);
    const first = simulation.take();
    expect([first.fromBar, ...first.curve.equity]).toEqual([0, 1000, 1000]);
    simulation.advance(5);
    const second = simulation.take();
    expect([second.fromBar, ...second.curve.equity]).toEqual([2, 1000, 1100, 1100]);
    expect([first.trades.size.length, second.trades.size.length]).toEqual([0, 1]);
    const third = simulation.take();
    expect([third.fromBar, third.curve.ts.length, third.trades.size.length]).toEqual([5, 0, 0]);
    expect([...first.curve.equity]).toEqual([1000, 1000]);
  });
});
