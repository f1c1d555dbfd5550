import { describe, expect, it } from 'vitest';
import { barsOf } from '../../test/fixtures/bars.ts';
import { play, playOn } from '../../test/fixtures/played.ts';
import type { TraderContext } from '../trader.ts';

const buyTen = (c: TraderContext) => void c.buy({ size: 10 });

describe('a bracket', () => {
  const entry = (c: TraderContext) => void c.buy({ size: 10, stopLoss: 95, takeProfit: 110 });

  it('takes its profit at the target, or at an open beyond it', () => {
    expect(playOn([100, 100, [100, 112, 99, 111]], { 0: entry }).trades).toMatchObject([
      { exitBar: 2, exitPrice: 110, pnl: 100, exitReason: 'take-profit' },
    ]);
    expect(playOn([100, 100, [115, 116, 112, 113]], { 0: entry }).trades).toMatchObject([{ exitPrice: 115, exitReason: 'take-profit' }]);
  });

  it('stops the loss at its stop, or at an open beyond it', () => {
    expect(playOn([100, 100, [99, 100, 94, 96]], { 0: entry }).trades).toMatchObject([
      { exitPrice: 95, pnl: -50, exitReason: 'stop-loss' },
    ]);
    expect(playOn([100, 100, [90, 92, 88, 91]], { 0: entry }).trades).toMatchObject([{ exitPrice: 90, exitReason: 'stop-loss' }]);
  });

  it('takes the stop where one bar touches both legs', () => {
    expect(playOn([100, 100, [100, 115, 90, 100]], { 0: entry }).trades).toMatchObject([{ exitPrice: 95, exitReason: 'stop-loss' }]);
  });

  it('takes the profit where the open is already beyond the target: that comes first for certain', () => {
    expect(playOn([100, 100, [112, 115, 90, 100]], { 0: entry }).trades).toMatchObject([{ exitPrice: 112, exitReason: 'take-profit' }]);
  });

  it('works in the entry bar of a market order', () => {
    expect(playOn([100, [101, 102, 94, 96]], { 0: entry }).trades).toMatchObject([
      { entryBar: 1, entryPrice: 101, exitBar: 1, exitPrice: 95 },
    ]);
    expect(playOn([100, [93, 94, 92, 93]], { 0: entry }).trades).toMatchObject([{ entryPrice: 93, exitPrice: 93, pnl: 0 }]);
  });

  it('works from the bar after the entry of a limit or a stop order', () => {
    const limit = (c: TraderContext) => void c.buy({ size: 10, limit: 98, stopLoss: 95, takeProfit: 110 });
    expect(playOn([100, [100, 101, 94, 96], [96, 97, 94.5, 96]], { 0: limit }).trades).toMatchObject([
      { entryBar: 1, entryPrice: 98, exitBar: 2, exitPrice: 95 },
    ]);
    const stop = (c: TraderContext) => void c.buy({ size: 10, stop: 103, stopLoss: 95, takeProfit: 110 });
    expect(playOn([100, [100, 115, 94, 100], 100], { 0: stop }).trades).toEqual([]);
  });

  it('may have one leg only', () => {
    const target = playOn([100, 100, [100, 112, 90, 111]], { 0: (c) => c.buy({ size: 10, takeProfit: 110 }) });
    expect(target.trades).toMatchObject([{ exitBar: 2, exitPrice: 110 }]);
    const short = playOn([100, 100, [100, 107, 90, 101]], { 0: (c) => c.sell({ size: 10, stopLoss: 106 }) });
    expect(short.trades).toMatchObject([{ exitBar: 2, exitPrice: 106, pnl: -60 }]);
  });

  it('yields to a market close of the same open', () => {
    const { trades } = playOn([100, 100, 100, [90, 91, 80, 85]], { 0: entry, 2: (c) => c.close() });
    expect(trades).toMatchObject([{ exitBar: 3, exitPrice: 90, exitReason: 'signal' }]);
  });

  it('is a distance from the fill where it is given as one', () => {
    const { state } = playOn([100, 104], { 0: (c) => c.buy({ size: 10, stopLoss: { percent: 0.05 }, takeProfit: { amount: 6 } }) });
    expect(state.lots[0]).toMatchObject([{ entryPrice: 104, stopLoss: 98.8, takeProfit: 110 }]);
    const short = playOn([100, 100], { 0: (c) => c.sell({ size: 10, stopLoss: { amount: 3 }, takeProfit: { percent: 0.1 } }) });
    expect(short.state.lots[0]).toMatchObject([{ units: -10, stopLoss: 103, takeProfit: 90 }]);
  });

  it('can be moved and taken away, from the next bar on', () => {
    const rows = [100, 100, [100, 101, 96, 100], [100, 101, 93, 100]] as const;
    const moved = playOn(rows, { 0: entry, 1: (c) => c.protect(c.symbol().lots[0]!.id, { stopLoss: 98 }) });
    expect(moved.trades).toMatchObject([{ exitBar: 2, exitPrice: 98 }]);
    expect(playOn(rows, { 0: entry, 1: (c) => c.protect(c.symbol().lots[0]!.id, { stopLoss: null }) }).trades).toEqual([]);
  });
});

describe('several lots', () => {
  const pyramid = { 0: buyTen, 1: (c: TraderContext) => void c.buy({ size: 20, stopLoss: 90 }) };

  it('are reduced first in, first out; the lots keep brackets of their own', () => {
    const { trades, state } = playOn([100, 100, 110, 120, 120], { ...pyramid, 2: (c) => c.sell({ size: 15 }) });
    // 10 bought at 100 and 5 of the 20 bought at 110, sold at 120.
    expect(trades).toMatchObject([
      { size: 10, entryPrice: 100, exitPrice: 120, pnl: 200 },
      { size: 5, entryPrice: 110, exitPrice: 120, pnl: 50 },
    ]);
    expect(state.lots[0]).toMatchObject([{ units: 15, stopLoss: 90 }]);
  });

  it('share the fees of what closes them by their units', () => {
    const { trades } = playOn([100, 100, 100, 100], { ...pyramid, 2: (c) => c.close() }, { fees: { fixed: 6 } });
    // One fill of 30 units costs 6: 2 for the first lot, 4 for the second, beside 6 at each entry.
    expect(trades.map(({ fees }) => fees)).toEqual([8, 10]);
  });

  it('are closed one by one by their number, in part too', () => {
    const { trades, state } = playOn([100, 100, 110, 120], { ...pyramid, 2: (c) => c.close({ lot: 2, size: 8 }) });
    expect(trades).toMatchObject([{ size: 8, entryPrice: 110, exitPrice: 120 }]);
    expect(state.lots[0]).toMatchObject([{ units: 10 }, { units: 12 }]);
  });

  it('leave the entry fee of a part that was closed with that part', () => {
    const { trades, state } = playOn([100, 100, 100, 100], { 0: buyTen, 1: (c) => c.close({ size: 4 }) }, { fees: { relative: 0.01 } });
    expect(trades[0]!.fees).toBeCloseTo(4 + 4, 12);
    expect(state.lots[0]![0]!.entryFee).toBeCloseTo(6, 12);
  });

  it('carry the tag of their order into the trade list', () => {
    const { trades, state } = playOn([100, 100, 100], { 0: (c) => c.buy({ size: 1, tag: 'dip' }), 1: (c) => c.close() });
    expect(state.tags[trades[0]!.entryTag]).toBe('dip');
  });
});

describe('an order against a position', () => {
  it('of a size reduces it, and turns it with what is left', () => {
    const { trades, state } = playOn([100, 100, 110], { 0: buyTen, 1: (c) => c.sell({ size: 25 }) });
    expect(trades).toMatchObject([{ size: 10, exitPrice: 110 }]);
    expect(state.lots[0]).toMatchObject([{ units: -15, entryPrice: 110 }]);
  });

  it('sized by the money closes it first, and is sized from the money after', () => {
    const { state } = playOn([100, 100, 200], { 0: buyTen, 1: (c) => c.sell({ size: { fraction: 0.5 } }) });
    // 10 units sold at 200 leave 11,000; half of it is 27 units.
    expect(state.lots[0]).toMatchObject([{ units: -27 }]);
    expect(state.cash).toBe(11_000 + 27 * 200);
  });

  it('that only reduces never turns it', () => {
    const { state, orders } = playOn([100, 100, 100], { 0: buyTen, 1: (c) => c.sell({ size: 25, reduceOnly: true }) });
    expect(state.lots[0]).toEqual([]);
    expect(orders[1]).toMatchObject({ status: 'filled', filledSize: 10 });
  });

  it('opens a lot beside it where the account is hedging', () => {
    const { state, equity, exposure } = playOn([100, 100, 100, 120], { 0: buyTen, 1: (c) => c.sell({ size: 4 }) }, { hedging: true });
    expect(state.lots[0]).toMatchObject([{ units: 10 }, { units: -4 }]);
    expect(equity.at(-1)).toBe(10_000 + 6 * 20);
    expect(exposure.at(-1)).toBeCloseTo((14 * 120) / 10_120, 14);
  });
});

describe('rounding', () => {
  const fractional = { fractional: true };

  it('leaves nothing of lots whose sum differs from that of their sizes', () => {
    // 0.3 - 0.1 is 0.19999999999999998.
    const { state, trades } = playOn(
      [100, 100, 100, 100],
      { 0: (c) => [c.buy({ size: 0.1 }), c.buy({ size: 0.2 })], 1: (c) => c.sell({ size: 0.3 }) },
      fractional,
    );
    expect(trades).toMatchObject([{ size: 0.1 }, { size: 0.2 }]);
    expect(state.lots[0]).toEqual([]);
  });

  it('opens nothing with what it leaves over of the order', () => {
    // 0.1 + 0.2 is 0.30000000000000004; a sale of that size against lots of 0.3 in all would leave 5.6e-17.
    const { state } = playOn([100, 100, 100, 100], { 0: (c) => c.buy({ size: 0.3 }), 1: (c) => c.sell({ size: 0.1 + 0.2 }) }, fractional);
    expect(state.lots[0]).toEqual([]);
  });

  it('is no money: who is all in buys nothing more', () => {
    const { state, orders } = playOn([100, 100, 7, 7], { 0: (c) => c.buy(), 1: (c) => c.buy() }, fractional);
    expect(state.lots[0]).toHaveLength(1);
    expect(orders[1]).toMatchObject({ status: 'rejected', reason: 'no_money' });
  });
});

describe('a hedged symbol', () => {
  const both = { 0: (c: TraderContext) => void [c.buy({ size: 10 }), c.sell({ size: 10 })] };

  it('is closed on both sides', () => {
    const { state, trades } = playOn([100, 100, 110], { ...both, 1: (c) => c.close() }, { hedging: true });
    expect(state.lots[0]).toEqual([]);
    expect(trades.map(({ size, pnl }) => [size, pnl])).toEqual([
      [-10, -100],
      [10, 100],
    ]);
  });

  it('binds money for both sides', () => {
    const { orders } = playOn([100, 100, 100], { 0: (c) => void [c.buy({ size: 60 }), c.sell({ size: 60 })] }, { hedging: true });
    expect(orders).toMatchObject([{ status: 'filled' }, { status: 'rejected', reason: 'no_money' }]);
  });

  it('pays interest on its shorts, whatever its longs', () => {
    const { state } = playOn(
      [100, 100, 100],
      { 0: (c) => void [c.buy({ size: 50 }), c.sell({ size: 50 })] },
      { hedging: true, interest: { borrow: 0.073 } },
    );
    expect(state.totals.interest).toBeCloseTo(1, 9);
  });
});

describe("the bar's volume", () => {
  const bars = (volumes: number[]) => [{ ...barsOf(volumes.map(() => 100)), volume: Float64Array.from(volumes) }];
  const account = { slippage: { maxVolumeShare: 0.1 } };

  it('fills an order in parts, each a lot with a bracket, and each a row of the log', () => {
    const { orders, state } = play({ 0: (c) => c.buy({ size: 25, stopLoss: 90 }) }, { bars: bars([0, 100, 0, 120, 500]), account });
    expect(orders.map(({ bar, status, filledSize, reason }) => [bar, status, filledSize, reason])).toEqual([
      [1, 'partially-filled', 10, 'volume'],
      [3, 'partially-filled', 12, 'volume'],
      [4, 'filled', 3, 'none'],
    ]);
    expect(state.lots[0]).toMatchObject([10, 12, 3].map((units) => ({ units, stopLoss: 90 })));
  });

  it('is shared by all fills of a bar', () => {
    const { orders } = play({ 0: (c) => (c.buy({ size: 7 }), c.buy({ size: 7 })) }, { bars: bars([0, 100, 100]), account });
    expect(orders.map(({ order, bar, filledSize }) => [order, bar, filledSize])).toEqual([
      [1, 1, 7],
      [2, 1, 3],
      [2, 2, 4],
    ]);
  });

  it('lets a stop that was touched go on at the next opens', () => {
    const rows = [100, 100, [100, 100, 90, 92], [97, 99, 96, 98]] as const;
    const one = { ...barsOf(rows), volume: Float64Array.of(1000, 1000, 60, 1000) };
    const { trades } = play({ 0: (c) => c.buy({ size: 10, stopLoss: 95 }) }, { bars: [one], account });
    expect(trades).toMatchObject([
      { size: 6, exitBar: 2, exitPrice: 95, exitReason: 'stop-loss' },
      { size: 4, exitBar: 3, exitPrice: 97, exitReason: 'stop-loss' },
    ]);
  });

  it('moves the price by the square of the share that an order takes', () => {
    // 10 of 100 units: 1 + 0.5 × 0.1² = 1.005
    const { orders } = play({ 0: buyTen }, { bars: bars([0, 100]), account: { slippage: { impact: 0.5 } } });
    expect(orders[0]!.filledPrice).toBeCloseTo(100.5, 12);
  });
});

describe('worst and best moves of a lot entered within a bar', () => {
  it('count what certainly came after the entry: for a limit buy the low, not the high', () => {
    const { trades } = playOn([100, [100, 130, 94, 96], [97, 98, 96, 97]], {
      0: (c) => c.buy({ size: 1, limit: 98 }),
      1: (c) => c.close(),
    });
    expect(trades[0]!.mae).toBeCloseTo(94 / 98 - 1, 14);
    expect(trades[0]!.mfe).toBe(0);
  });

  it('for a stop buy the high, not the low', () => {
    const { trades } = playOn([100, [100, 110, 80, 104], [104, 105, 103, 104]], {
      0: (c) => c.buy({ size: 1, stop: 105 }),
      1: (c) => c.close(),
    });
    expect(trades[0]!.mfe).toBeCloseTo(110 / 105 - 1, 14);
    expect(trades[0]!.mae).toBeCloseTo(104 / 105 - 1, 14);
  });
});
