import { describe, expect, it } from 'vitest';
import { barsOf } from '../../test/fixtures/bars.ts';
import { play, playOn } from '../../test/fixtures/played.ts';
import type { Bars } from '../../shared/bars.ts';
import type { TraderContext } from '../trader.ts';

/** The bars without those of some rows. */
function without(bars: Bars, ...rows: number[]): Bars {
  const pick = (column: Float64Array) => column.filter((_, i) => !rows.includes(i));
  const { symbol, ts, open, high, low, close, volume } = bars;
  return { symbol, ts: pick(ts), open: pick(open), high: pick(high), low: pick(low), close: pick(close), volume: pick(volume) };
}

const fractional = { fractional: true };

describe('target weights', () => {
  const target = (weights: Record<string, number>) => (c: TraderContext) => c.target(weights);

  it('are brought about at the next open, valued there, sells before buys', () => {
    const bars = [barsOf([100, 100, 200, 200], 'A'), barsOf([50, 50, 50, 50], 'B')];
    const { orders, equity } = play({ 0: target({ A: 0.5, B: 0.5 }), 1: target({ B: 0.5, A: 0.5 }) }, { bars, account: fractional });
    // 50 A and 100 B. At A = 200 the account is worth 15,000: 37.5 A and 150 B.
    expect(orders.map(({ bar, symbol, side, filledSize }) => [bar, symbol, side, filledSize])).toEqual([
      [1, 0, 1, 50],
      [1, 1, 1, 100],
      [2, 0, -1, 12.5],
      [2, 1, 1, 50],
    ]);
    expect(equity).toEqual([10_000, 10_000, 15_000, 15_000]);
  });

  it('leave symbols alone that they do not name, and sell those at 0', () => {
    const bars = [barsOf([100, 100, 100], 'A'), barsOf([50, 50, 50], 'B'), barsOf([20, 20, 20], 'C')];
    const { state } = play({ 0: target({ A: 0.3, B: 0.3 }), 1: target({ A: 0, C: 0.4 }) }, { bars, account: fractional });
    expect(state.lots.map(([lot]) => lot?.units ?? 0)).toEqual([0, 60, 200]);
  });

  it('below 0 are short', () => {
    const { state, equity } = playOn([100, 100, 80], { 0: target({ TEST: -0.5 }) }, fractional);
    expect(state.lots[0]).toMatchObject([{ units: -50 }]);
    expect(equity[2]).toBe(11_000);
  });

  it('of more than the money is worth after fees are cut to what it pays', () => {
    const { orders, state } = playOn([100, 100], { 0: target({ TEST: 1 }) }, { ...fractional, fees: { relative: 0.01 } });
    expect(orders[0]).toMatchObject({ status: 'filled' });
    expect(orders[0]!.filledSize).toBeCloseTo(10_000 / 101, 9);
    expect(Math.abs(state.cash)).toBeLessThan(1e-6);
  });

  it('wait for a symbol without a bar, valued when it has one', () => {
    const bars = [barsOf([100, 100, 100, 100], 'A'), without(barsOf([50, 50, 40, 25], 'B'), 1, 2)];
    const { orders, state } = play({ 0: target({ A: 0.5, B: 0.5 }) }, { bars, account: fractional });
    expect(orders.map(({ bar, symbol, filledSize }) => [bar, symbol, filledSize])).toEqual([
      [1, 0, 50],
      [3, 1, 200],
    ]);
    expect(state.target).toBeNull();
  });

  it('work themselves through bars with little volume', () => {
    const bars = [{ ...barsOf([100, 100, 100, 100]), volume: Float64Array.of(0, 200, 200, 1000) }];
    const { orders } = play({ 0: target({ TEST: 0.5 }) }, { bars, account: { slippage: { maxVolumeShare: 0.1 } } });
    expect(orders.map(({ bar, filledSize }) => [bar, filledSize])).toEqual([
      [1, 20],
      [2, 20],
      [3, 10],
    ]);
  });

  it('are closed before they are opened the other way round, however long the volume takes', () => {
    const bars = [{ ...barsOf([100, 100, 100, 100, 100, 100]), volume: Float64Array.of(0, 1000, 200, 200, 200, 200) }];
    const account = { hedging: true, slippage: { maxVolumeShare: 0.1 } };
    const { orders, state } = play({ 0: target({ TEST: 0.3 }), 1: target({ TEST: -0.2 }) }, { bars, account });
    // 30 bought; 20 units a bar: 20 + 10 sold, then 10 and 10 sold short.
    expect(orders.map(({ bar, side, filledSize }) => [bar, side * filledSize])).toEqual([
      [1, 30],
      [2, -20],
      [3, -10],
      [3, -10],
      [4, -10],
    ]);
    expect(state.lots[0]!.map(({ units }) => units)).toEqual([-10, -10]);
    expect(state.target).toBeNull();
  });

  it('turn a hedged account by a closing and an opening order', () => {
    const { orders, state } = playOn([100, 100, 100], { 0: target({ TEST: 0.3 }), 1: target({ TEST: -0.2 }) }, { hedging: true });
    expect(orders.map(({ side, filledSize }) => [side, filledSize])).toEqual([
      [1, 30],
      [-1, 30],
      [-1, 20],
    ]);
    expect(state.lots[0]).toMatchObject([{ units: -20 }]);
  });
});

describe('symbols with calendars of their own', () => {
  it('share one timeline; one without a bar keeps its last close and does not trade', () => {
    const bars = [barsOf([100, 100, 110, 120], 'A'), without(barsOf([50, 50, 99, 60], 'B'), 2)];
    const seen: [boolean, number][] = [];
    const { equity, orders, simulation } = play(
      {
        0: (c) => void [c.buy({ symbol: 'A', size: 10 }), c.buy({ symbol: 'B', size: 10 })],
        1: (c) => void c.close({ symbol: 'B' }),
        2: (c) => void seen.push([c.symbol('B').trading, c.symbol('B').close()]),
      },
      { bars },
    );
    expect(simulation.total).toBe(4);
    expect(seen).toEqual([[false, 50]]);
    expect(orders.at(-1)).toMatchObject({ bar: 3, symbol: 1, filledPrice: 60 });
    expect(equity).toEqual([10_000, 10_000, 10_100, 10_300]);
  });

  it('have no price before their first bar: an order waits for it', () => {
    const bars = [barsOf([100, 100, 100], 'A'), without(barsOf([50, 50, 40], 'B'), 0, 1)];
    const prices: number[] = [];
    const { orders } = play({ 0: (c) => void [prices.push(c.symbol('B').close()), c.buy({ symbol: 'B', size: 5 })] }, { bars });
    expect(prices).toEqual([NaN]);
    expect(orders).toMatchObject([{ bar: 2, symbol: 1, filledPrice: 40 }]);
  });
});

describe('what a trader sees', () => {
  it('are the bars up to now, never one to come', () => {
    playOn([[1, 4, 1, 2], [2, 6, 2, 5], 7], {
      1: (c) => {
        const symbol = c.symbol();
        expect([symbol.open(), symbol.high(), symbol.low(), symbol.close(), symbol.close(1), symbol.close(2)]).toEqual([
          2,
          6,
          2,
          5,
          2,
          NaN,
        ]);
        expect([symbol.close(-1), symbol.row, c.bar]).toEqual([NaN, 1, 1]);
      },
    });
  });

  it('is the same random number in the same run', () => {
    const draw = (seed: number) => {
      const drawn: number[] = [];
      play({ 0: (c) => void drawn.push(c.random(), c.random()) }, { bars: [barsOf([1])], rest: { seed } });
      return drawn;
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(1).every((x) => x >= 0 && x < 1)).toBe(true);
  });

  it('can be written to the log of the run', () => {
    expect(playOn([1, 1], { 1: (c) => c.log('here') }).logs).toEqual([{ bar: 1, message: 'here' }]);
  });

  it('are further columns of the data too', () => {
    const bars = { ...barsOf([1, 1, 1]), extra: { signal: Float64Array.of(5, 6, 7) } };
    const seen: number[] = [];
    play(
      { 1: (c) => seen.push(c.symbol().extra('signal'), c.symbol().extra('signal', 1), c.symbol().extra('signal', 2)) },
      { bars: [bars] },
    );
    expect(seen).toEqual([6, 5, NaN]);
    expect(() => play({ 0: (c) => void c.symbol().extra('sginal') }, { bars: [bars] })).toThrow(/has also signal/);
  });

  it('is refused for a symbol that is not there, with the nearest name', () => {
    expect(() => playOn([1], { 0: (c) => void c.symbol('TESTT') })).toThrow(/did you mean "TEST"/);
  });
});

describe('an order that cannot be', () => {
  const refused = (request: Parameters<TraderContext['order']>[0]) => playOn([100, 100], { 0: (c) => c.order(request) }).orders[0]!;

  it.each([
    ['an unknown symbol', { side: 'buy', symbol: 'XXX' }, 'unknown_symbol'],
    ['a size of 0', { side: 'buy', size: 0 }, 'bad_size'],
    ['a size below 0', { side: 'buy', size: -5 }, 'bad_size'],
    ['a size that is no number', { side: 'buy', size: NaN }, 'bad_size'],
    ['more than the whole money', { side: 'buy', size: { fraction: 1.5 } }, 'bad_size'],
    ['a size below one unit', { side: 'buy', size: 0.4 }, 'below_lot'],
    ['a limit of 0', { side: 'buy', size: 1, limit: 0 }, 'bad_price'],
    ['a limit order without its limit', { side: 'buy', size: 1, type: 'limit' }, 'bad_price'],
    ['a price that its type does not have', { side: 'buy', size: 1, type: 'market', stop: 90 }, 'bad_price'],
    ['a stop for a close', { side: 'buy', size: 1, stop: 90, at: 'close' }, 'bad_price'],
    ['a trailing distance of all of the price', { side: 'sell', size: 1, trail: { percent: 1 } }, 'bad_price'],
    ['a life of no bars', { side: 'buy', size: 1, limit: 90, until: { bars: 0 } }, 'bad_price'],
    ['a stop-loss above the target', { side: 'buy', size: 1, stopLoss: 110, takeProfit: 105 }, 'bad_bracket'],
    ['a stop-loss that is no price', { side: 'buy', size: 1, stopLoss: NaN }, 'bad_bracket'],
    ['a close without a position', { side: 'sell', reduceOnly: true }, 'nothing_to_close'],
  ] as const)('because of %s is rejected with the reason', (_, request, reason) => {
    expect(refused(request)).toMatchObject({ status: 'rejected', reason, filledSize: 0 });
  });

  it('must name its symbol where there are several', () => {
    const bars = [barsOf([1], 'A'), barsOf([1], 'B')];
    expect(play({ 0: (c) => c.buy({ size: 1 }) }, { bars }).orders).toMatchObject([{ reason: 'unknown_symbol' }]);
  });

  it('leaves the weights of a target that can be', () => {
    const { orders, state } = playOn([100, 100], { 0: (c) => c.target({ TEST: 0.5, NOPE: 0.2 }) });
    expect(orders).toMatchObject([{ reason: 'unknown_symbol' }, { status: 'filled', filledSize: 50 }]);
    expect(state.lots[0]).toHaveLength(1);
  });
});

describe('bars that nobody can trade on', () => {
  const sound = barsOf([10, 10, 10]);
  const broken = (change: Partial<Bars>) => () => play({}, { bars: [{ ...sound, ...change }] });

  it('are refused, with the first fault of every symbol', () => {
    expect(broken({ close: Float64Array.of(10, NaN, 10) })).toThrow(/TEST.1: open 10, high 10, low 10, close NaN/);
    expect(broken({ high: Float64Array.of(10, 9, 10) })).toThrow(/TEST.1/);
    expect(broken({ low: Float64Array.of(10, 10, -1) })).toThrow(/TEST.2/);
    expect(broken({ ts: Float64Array.of(1, 1, 2) })).toThrow(/does not come after/);
    expect(broken({ volume: Float64Array.of(1, -1, 2) })).toThrow(/volume -1/);
    expect(broken({ volume: Float64Array.of(1) })).toThrow(/volume undefined/);
    const both = [barsOf([0], 'A'), barsOf([1, Infinity], 'B')];
    expect(() => play({}, { bars: both })).toThrow(/A.0: .*B.1: /);
    expect(() => play({}, { bars: [sound, sound] })).toThrow(/a symbol twice/);
  });

  it('are none: then nothing happens', () => {
    const { simulation, equity } = play({}, { bars: [barsOf([])] });
    expect([simulation.ended, equity]).toEqual(['end-of-data', []]);
  });
});
