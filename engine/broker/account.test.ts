import { describe, expect, it } from 'vitest';
import { InstrumentSpec } from '../../shared/spec.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import { play, playOn } from '../../test/fixtures/played.ts';
import type { TraderContext } from '../trader.ts';

const buy = (size: number) => (c: TraderContext) => void c.buy({ size });
const sell = (size: number) => (c: TraderContext) => void c.sell({ size });
const close = (c: TraderContext) => void c.close();

describe('fees', () => {
  const feesOf = (fees: object, size = 10) => playOn([100, 100, 100], { 0: buy(size) }, { fees }).orders[0]!.fee;

  it('are relative, a fill, a unit, and kept between minimum and maximum', () => {
    expect(feesOf({ relative: 0.001, fixed: 2, perUnit: 0.05 })).toBeCloseTo(1 + 2 + 0.5, 12);
    expect(feesOf({ relative: 0.001, minimum: 4 })).toBe(4);
    expect(feesOf({ relative: 0.01, maximum: 6 })).toBe(6);
  });

  it('set what they cost aside when an order takes all the money', () => {
    const unitsOf = (fees: object) => playOn([100, 100], { 0: (c) => c.buy() }, { fees }).orders[0]!.filledSize;
    // (10,000 - 50) / 100, 10,000 / (100 + 24), (10,000 - 7) / 100.
    expect([unitsOf({ minimum: 50 }), unitsOf({ perUnit: 24 }), unitsOf({ relative: 0.01, maximum: 7 })]).toEqual([99, 80, 99]);
  });

  it('are those of a maker for a limit that rested, those of a taker for one that the first open fills', () => {
    const fees = { relative: 0.01, maker: 0.002 };
    const rested = playOn([100, [100, 100, 89, 95]], { 0: (c) => c.buy({ size: 10, limit: 90 }) }, { fees });
    expect(rested.orders[0]!.fee).toBeCloseTo(900 * 0.002, 12);
    const crossed = playOn([100, [80, 90, 79, 85]], { 0: (c) => c.buy({ size: 10, limit: 90 }) }, { fees });
    expect(crossed.orders[0]!.fee).toBeCloseTo(800 * 0.01, 12);
    const later = playOn([100, 100, [80, 90, 79, 85]], { 0: (c) => c.buy({ size: 10, limit: 90 }) }, { fees });
    expect(later.orders[0]!.fee).toBeCloseTo(800 * 0.002, 12);
  });
});

describe('slippage and spread', () => {
  it('move market and stop orders against the trader by half the spread, the relative part and ticks, rounded against him', () => {
    const rest = { instruments: { TEST: { multiplier: 1, minimumSize: 0, tradable: true, tickSize: 0.5 } } };
    const account = { slippage: { relative: 0.001, ticks: 1 }, spread: 0.002 };
    // 100 × 1.002 + 0.5 = 100.7, up to 101; 100 × 0.998 - 0.5 = 99.3, down to 99.
    const { trades } = play({ 0: buy(1), 1: close }, { bars: [barsOf([100, 100, 100])], account, rest });
    expect(trades).toMatchObject([{ entryPrice: 101, exitPrice: 99 }]);
  });

  it('leave a limit that rested alone, and never push one beyond its limit', () => {
    const account = { slippage: { relative: 0.01 } };
    expect(playOn([100, [100, 100, 89, 95]], { 0: (c) => c.buy({ size: 1, limit: 90 }) }, account).orders[0]!.filledPrice).toBe(90);
    expect(playOn([100, [89.5, 95, 89, 95]], { 0: (c) => c.buy({ size: 1, limit: 90 }) }, account).orders[0]!.filledPrice).toBe(90);
  });

  it('round limits to where they are harder to reach, and stops to where they are worse', () => {
    const rest = { instruments: { TEST: { multiplier: 1, minimumSize: 0, tradable: true, tickSize: 0.1 } } };
    const { state } = play(
      {
        0: (c) => [
          c.buy({ size: 1, limit: 90.17 }),
          c.sell({ size: 1, limit: 110.11 }),
          c.buy({ size: 1, stop: 120.01 }),
          c.buy({ size: 1, limit: 90.3 }),
        ],
      },
      { bars: [barsOf([100])], rest },
    );
    expect(state.orders.map(({ limit, stop }) => limit ?? stop)).toEqual([90.1, 110.2, 120.1, 90.3]);
  });
});

describe('interest', () => {
  it('is charged on shorts by calendar time, a year of 365 days', () => {
    // 50 units short from bar 1, worth 5,000 at its close; one day at 7.3 % a year costs 1, and the next at a close of 110 costs 1.1.
    const { equity, state } = playOn([100, 100, 110, 110], { 0: sell(50) }, { interest: { borrow: 0.073 } });
    expect(equity[2]).toBeCloseTo(10_000 - 500 - 1, 9);
    expect(state.totals.interest).toBeCloseTo(2.1, 9);
  });

  it('is charged on borrowed cash', () => {
    // 200 units at 100 with 10,000: 10,000 borrowed, a day at 3.65 % costs 1.
    const { equity } = playOn([100, 100, 100], { 0: buy(200) }, { leverage: 2, interest: { margin: 0.0365 } });
    expect(equity[2]).toBeCloseTo(9999, 9);
  });

  it('runs over the days without bars', () => {
    const bars = barsOf([100, 100, 100]);
    bars.ts[2] = bars.ts[1]! + 3 * 86_400_000;
    const { equity } = play({ 0: sell(50) }, { bars: [bars], account: { interest: { borrow: 0.073 } } });
    expect(equity[2]).toBeCloseTo(9997, 9);
  });
});

describe('margin', () => {
  it('refuses an entry beyond the leverage', () => {
    expect(playOn([100, 100], { 0: buy(201) }, { leverage: 2 }).orders).toMatchObject([
      { status: 'rejected', reason: 'margin', size: 201 },
    ]);
    expect(playOn([100, 100], { 0: buy(101) }).orders).toMatchObject([{ status: 'rejected', reason: 'no_money' }]);
    expect(playOn([100, 100, 100], { 0: buy(60), 1: sell(0.5) }).orders[1]).toMatchObject({ status: 'rejected', reason: 'below_lot' });
  });

  it('counts what is held already, at the prices of the fill', () => {
    // 60 units at 100. At 110 the equity is 10,600 and 6,600 of it is bound: 4,000 are free, 36 units.
    expect(playOn([100, 100, 110], { 0: buy(60), 1: (c) => c.buy() }).orders[1]).toMatchObject({ filledSize: 36 });
    expect(playOn([100, 100, 110], { 0: buy(60), 1: buy(37) }).orders[1]).toMatchObject({ reason: 'no_money' });
  });

  it('is called at the close: the largest lots go until it suffices', () => {
    // 150 and 40 units at 100 with 10,000. At 60: equity 10,000 - 190 × 40 = 2,400, gross 11,400, maintenance 25 % = 2,850: too little.
    // Without the 150 the gross is 2,400: enough.
    const { trades, equity, orders, state } = playOn(
      [100, 100, [95, 96, 60, 60], 60],
      { 0: (c) => (c.buy({ size: 150 }), c.buy({ size: 40 })) },
      { leverage: 2, maintenanceMargin: 0.25 },
    );
    expect(trades).toMatchObject([{ size: 150, exitBar: 2, exitPrice: 60, exitReason: 'margin-call' }]);
    expect(orders.at(-1)).toMatchObject({ reason: 'margin-call', order: 0 });
    expect(equity[2]).toBe(2400);
    expect(state.lots[0]).toMatchObject([{ units: 40 }]);
  });

  it('cannot save an account that has nothing left: that one ends bankrupt', () => {
    const { simulation, trades, orders } = playOn(
      [100, 100, [90, 90, 40, 45], 100],
      { 0: buy(190), 1: (c) => c.buy({ size: 1, limit: 10 }) },
      { leverage: 2, maintenanceMargin: 0.25 },
    );
    expect(simulation.ended).toBe('bankrupt');
    expect(trades).toMatchObject([{ exitPrice: 45, exitReason: 'bankrupt' }]);
    expect(orders.slice(1)).toMatchObject([
      { order: 2, status: 'cancelled', reason: 'run_ended' },
      { status: 'filled', reason: 'bankrupt' },
    ]);
  });
});

describe('limits of the account', () => {
  it('refuse a position and an exposure beyond them', () => {
    const limits = { position: 0.5, exposure: 0.8 };
    const rows = [100, 100, 100];
    expect(playOn(rows, { 0: buy(51) }, { limits }).orders[0]).toMatchObject({ status: 'rejected', reason: 'position_limit' });
    expect(playOn(rows, { 0: buy(50) }, { limits }).orders[0]).toMatchObject({ status: 'filled' });
    const two = [barsOf(rows, 'A'), barsOf(rows, 'B')];
    const both = { 0: (c: TraderContext) => void [c.buy({ symbol: 'A', size: 45 }), c.sell({ symbol: 'B', size: 40 })] };
    expect(play(both, { bars: two, account: { limits } }).orders[1]).toMatchObject({ status: 'rejected', reason: 'exposure_limit' });
  });
});

describe('an instrument', () => {
  it('has a multiplier and a step of size', () => {
    const rest = { instruments: { TEST: { multiplier: 50, minimumSize: 2, tradable: true, lotSize: 2 } } };
    const played = (size: number) =>
      play({ 0: buy(size), 1: close }, { bars: [barsOf([100, 100, 101])], account: { cash: 100_000, fees: { relative: 0.001 } }, rest });
    // 4 contracts × 50 × 100 = 20,000 at 0.1 %; the move of 1 is worth 200; 20,200 at 0.1 %.
    expect(played(5).trades[0]).toMatchObject({ size: 4, fees: 40.2 });
    expect(played(5).trades[0]!.pnl).toBeCloseTo(200 - 40.2, 10);
    expect(played(5).exposure[1]).toBeCloseTo(20_000 / (100_000 - 20), 12);
    expect(played(1).orders[0]).toMatchObject({ status: 'rejected', reason: 'below_lot' });
  });

  it('trades steps smaller than a unit without rounding them away', () => {
    const rest = { instruments: { TEST: { multiplier: 1, minimumSize: 0, tradable: true, lotSize: 0.1 } } };
    expect(play({ 0: buy(0.3) }, { bars: [barsOf([100, 100])], rest }).orders[0]!.filledSize).toBe(0.3);
  });
});

describe('a symbol with the name of something that every object has', () => {
  it('is traded as it is', () => {
    const bars = [barsOf([100, 100, 110], 'constructor'), barsOf([50, 50, 50], 'B')];
    const instruments = { B: InstrumentSpec.parse({ multiplier: 2 }) };
    const { equity } = play({ 0: (c) => c.buy({ symbol: 'constructor', size: 10 }) }, { bars, rest: { instruments } });
    expect(equity).toEqual([10_000, 10_000, 10_100]);
  });
});

describe('another currency', () => {
  const rest = {
    instruments: {
      DAX: { multiplier: 1, minimumSize: 0, tradable: true, currency: 'EUR' },
      EURUSD: { multiplier: 1, minimumSize: 0, tradable: false },
    },
  };

  it('is converted at the rate of the moment, at entry, at each mark and at exit', () => {
    const bars = [barsOf([100, 100, 100, 110], 'DAX'), barsOf([1, [1.1, 1.2, 1.1, 1.2], 1.2, [1.3, 1.3, 1.2, 1.2]], 'EURUSD')];
    const { equity, trades, cash } = play(
      { 0: (c) => c.buy({ symbol: 'DAX', size: 10 }), 2: (c) => c.close({ symbol: 'DAX' }) },
      { bars, rest },
    );
    expect(cash[1]).toBeCloseTo(10_000 - 10 * 100 * 1.1, 10);
    expect(equity[1]).toBeCloseTo(10_000 - 1100 + 1200, 10);
    expect(trades[0]!.pnl).toBeCloseTo(10 * (110 * 1.3 - 100 * 1.1), 10);
  });

  it('takes the pair the other way round', () => {
    const bars = [barsOf([100, 100], 'DAX'), barsOf([0.8, 0.8], 'USDEUR')];
    const instruments = { DAX: rest.instruments.DAX };
    const { cash } = play({ 0: (c) => c.buy({ symbol: 'DAX', size: 10 }) }, { bars, rest: { instruments } });
    expect(cash[1]).toBeCloseTo(10_000 - 1000 / 0.8, 10);
  });

  it('without bars of the pair is refused before the run', () => {
    const bars = [barsOf([100, 100], 'DAX')];
    expect(() => play({}, { bars, rest: { instruments: { DAX: rest.instruments.DAX } } })).toThrow(/needs the bars of EURUSD or USDEUR/);
  });

  it('whose bars only give a rate is not traded', () => {
    const bars = [barsOf([100, 100], 'DAX'), barsOf([1, 1], 'EURUSD')];
    expect(play({ 0: (c) => c.buy({ symbol: 'EURUSD', size: 1 }) }, { bars, rest }).orders).toMatchObject([
      { status: 'rejected', reason: 'not_tradable' },
    ]);
  });
});
