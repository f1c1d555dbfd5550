import { describe, expect, it } from 'vitest';
import { barsOf } from '../../test/fixtures/bars.ts';
import { play, playOn } from '../../test/fixtures/played.ts';
import type { TraderContext } from '../trader.ts';

/** A quiet bar at 100. */
const FLAT = 100;

describe('a limit order', () => {
  it('fills at its limit where the bar comes down to it', () => {
    const { orders } = playOn([FLAT, [100, 101, 97, 99], FLAT], { 0: (c) => c.buy({ size: 5, limit: 98 }) });
    expect(orders).toMatchObject([{ bar: 1, type: 'limit', status: 'filled', price: 98, filledPrice: 98, filledSize: 5, reason: 'none' }]);
  });

  it('fills at the open where that is better, and a touch is enough', () => {
    expect(playOn([FLAT, [96, 97, 95, 96]], { 0: (c) => c.buy({ size: 5, limit: 98 }) }).orders[0]).toMatchObject({ filledPrice: 96 });
    expect(playOn([FLAT, [104, 105, 103, 104]], { 0: (c) => c.sell({ size: 5, limit: 102 }) }).orders[0]).toMatchObject({
      filledPrice: 104,
    });
    expect(playOn([FLAT, [100, 102, 99, 100]], { 0: (c) => c.sell({ size: 5, limit: 102 }) }).orders[0]).toMatchObject({
      filledPrice: 102,
    });
  });

  it('waits while the price does not come to it', () => {
    const { orders, state } = playOn([FLAT, [100, 101, 98.5, 99], [100, 101, 99, 100]], { 0: (c) => c.buy({ size: 5, limit: 98 }) });
    expect(orders).toEqual([]);
    expect(state.orders).toMatchObject([{ limit: 98, rested: true }]);
  });
});

describe('a stop order', () => {
  it('fills at its stop, or at the open that jumped over it', () => {
    expect(playOn([FLAT, [100, 106, 99, 104]], { 0: (c) => c.buy({ size: 5, stop: 105 }) }).orders[0]).toMatchObject({
      type: 'stop',
      filledPrice: 105,
    });
    expect(playOn([FLAT, [107, 108, 106, 107]], { 0: (c) => c.buy({ size: 5, stop: 105 }) }).orders[0]).toMatchObject({ filledPrice: 107 });
    expect(playOn([FLAT, [93, 94, 92, 93]], { 0: (c) => c.sell({ size: 5, stop: 95 }) }).orders[0]).toMatchObject({ filledPrice: 93 });
    expect(playOn([FLAT, [100, 104.9, 99, 104]], { 0: (c) => c.buy({ size: 5, stop: 105 }) }).orders).toEqual([]);
  });
});

describe('a stop-limit order', () => {
  const buy = (rows: Parameters<typeof playOn>[0], stop: number, limit: number) =>
    playOn([FLAT, ...rows], { 0: (c) => c.buy({ size: 5, stop, limit }) });

  it('fills at its stop when the limit allows that price', () => {
    expect(buy([[100, 107, 99, 106]], 105, 106).orders).toMatchObject([{ bar: 1, type: 'stop-limit', filledPrice: 105 }]);
    expect(buy([[100, 107, 99, 106]], 105, 105).orders).toMatchObject([{ filledPrice: 105 }]);
  });

  it('does not fill in the bar of its stop where the limit lies on the far side: it may have been touched before', () => {
    // 97 is touched, and so is 105, in an order that nobody knows; the next bar comes down to 97 with the stop fired.
    const { orders } = buy(
      [
        [100, 106, 96, 102],
        [102, 103, 96.5, 98],
      ],
      105,
      97,
    );
    expect(orders).toMatchObject([{ bar: 2, filledPrice: 97 }]);
  });

  it('never fills outside the bar: an open beyond both prices waits for the limit', () => {
    expect(buy([[110, 112, 107, 111]], 105, 106).orders).toEqual([]);
    // The stop fires at the open of 110, and the price comes down to 106 after it.
    expect(buy([[110, 112, 104, 111]], 105, 106).orders).toMatchObject([{ bar: 1, filledPrice: 106 }]);
    expect(buy([[105.5, 112, 104, 111]], 105, 106).orders).toMatchObject([{ bar: 1, filledPrice: 105.5 }]);
  });

  it('needs its stop first: a limit that is touched without it gives nothing', () => {
    expect(
      buy(
        [
          [100, 104, 95, 99],
          [99, 104, 95, 99],
        ],
        105,
        97,
      ).orders,
    ).toEqual([]);
  });

  it('comes after the stop orders of a bar once its stop has fired: it is a limit order then', () => {
    // The stop at 99 fires in bar 1. Bar 2 touches 102 and 101: the stop buys first, and the limit sells that again.
    const { trades } = playOn([FLAT, [100, 100, 98, 98.5], [100, 103, 99.5, 100]], {
      0: (c) => c.sell({ size: 5, stop: 99, limit: 101 }),
      1: (c) => c.buy({ size: 5, stop: 102 }),
    });
    expect(trades).toMatchObject([{ size: 5, entryPrice: 102, exitPrice: 101 }]);
  });

  it('is mirrored for a sale', () => {
    const sell = (row: [number, number, number, number], stop: number, limit: number) =>
      playOn([FLAT, row], { 0: (c) => c.sell({ size: 5, stop, limit }) }).orders;
    expect(sell([100, 101, 93, 94], 95, 94)).toMatchObject([{ filledPrice: 95 }]);
    expect(sell([100, 104, 93, 98], 95, 103)).toEqual([]);
    expect(sell([90, 92, 88, 91], 95, 94)).toEqual([]);
    expect(sell([90, 96, 88, 91], 95, 94)).toMatchObject([{ filledPrice: 94 }]);
  });
});

describe('a trailing stop', () => {
  it('follows the highs of completed bars only: a bar that rises and falls back is not stopped by its own high', () => {
    // Held from 100. Bar 2 ends with a high of 110: stop 104.5 from bar 3 on. Bar 2 itself falls to 102 without being stopped at 104.5.
    const { trades } = playOn([FLAT, [100, 101, 99, 100], [103, 110, 102, 109], [108, 109, 104, 105], FLAT], {
      0: (c) => c.buy({ size: 10, trailingStop: { percent: 0.05 } }),
    });
    expect(trades).toMatchObject([{ entryBar: 1, exitBar: 3, exitPrice: 104.5, exitReason: 'trailing-stop' }]);
  });

  it('keeps its distance in money too, and never goes back', () => {
    const { trades } = playOn([FLAT, [100, 108, 99, 107], [107, 107.5, 104.5, 105], [105, 106, 103, 104], FLAT], {
      0: (c) => c.buy({ size: 10, trailingStop: { amount: 4 } }),
    });
    expect(trades).toMatchObject([{ exitBar: 3, exitPrice: 104 }]);
  });

  it('follows the lows for a short', () => {
    const { trades } = playOn([FLAT, [100, 101, 90, 92], [92, 96, 91, 95]], {
      0: (c) => c.sell({ size: 10, trailingStop: { amount: 5 } }),
    });
    expect(trades).toMatchObject([{ size: -10, exitBar: 2, exitPrice: 95, exitReason: 'trailing-stop' }]);
  });

  it('as an order starts at the close it was placed at', () => {
    // Best 100: a sale at 95. Bar 1 raises it to 104: 98.8 in bar 2.
    const rows = [FLAT, FLAT, [100, 104, 96, 103], [103, 103, 98, 99]] as const;
    const { orders } = playOn(rows, { 0: (c) => c.buy({ size: 10 }), 1: (c) => c.sell({ size: 10, trail: { percent: 0.05 } }) });
    expect(orders[1]).toMatchObject({ bar: 3, type: 'trailing-stop', filledPrice: 98.8 });
  });

  it('yields to a stop-loss that is tighter', () => {
    const { trades } = playOn([FLAT, FLAT, [100, 100, 95, 96]], {
      0: (c) => c.buy({ size: 10, stopLoss: 98, trailingStop: { amount: 4 } }),
    });
    expect(trades).toMatchObject([{ exitPrice: 98, exitReason: 'stop-loss' }]);
  });

  it('is the tighter of the two for a short too', () => {
    const short = (stopLoss: number) =>
      playOn([FLAT, FLAT, [100, 105, 100, 104]], { 0: (c) => c.sell({ size: 10, stopLoss, trailingStop: { amount: 3 } }) }).trades;
    expect(short(102)).toMatchObject([{ exitPrice: 102, exitReason: 'stop-loss' }]);
    expect(short(104)).toMatchObject([{ exitPrice: 103, exitReason: 'trailing-stop' }]);
  });
});

describe('an order for a close', () => {
  it('fills at the close of the next bar', () => {
    const { orders, equity } = playOn([FLAT, [101, 105, 100, 104], [104, 110, 103, 108]], { 0: (c) => c.buy({ size: 10, at: 'close' }) });
    expect(orders).toMatchObject([{ bar: 1, filledPrice: 104 }]);
    expect(equity).toEqual([10_000, 10_000, 10_040]);
  });

  it('expires there when it has a limit that the close does not reach', () => {
    const { orders } = playOn([FLAT, [101, 105, 100, 104], FLAT], { 0: (c) => c.buy({ size: 10, at: 'close', limit: 102 }) });
    expect(orders).toMatchObject([{ bar: 1, status: 'expired', reason: 'outside_bar', filledSize: 0 }]);
    expect(playOn([FLAT, [101, 105, 100, 101.5]], { 0: (c) => c.buy({ size: 10, at: 'close', limit: 102 }) }).orders[0]).toMatchObject({
      filledPrice: 101.5,
    });
  });

  it('for an open with a limit is tried at that open only', () => {
    const { orders } = playOn([FLAT, [101, 102, 98, 99], FLAT], { 0: (c) => c.buy({ size: 10, at: 'open', limit: 100 }) });
    expect(orders).toMatchObject([{ bar: 1, status: 'expired', reason: 'outside_bar' }]);
  });
});

describe('market orders by account.fill', () => {
  it('next-close: at the close of the bar after the decision', () => {
    const { orders } = playOn([FLAT, [101, 105, 100, 104]], { 0: (c) => c.buy({ size: 10 }) }, { fill: 'next-close' });
    expect(orders).toMatchObject([{ bar: 1, filledPrice: 104 }]);
  });

  it('same-close: at the close of the decision, in the equity from the next bar on; never at the last bar', () => {
    const { orders, cash, equity } = playOn(
      [100, [101, 105, 100, 104], 110],
      { 1: (c) => c.buy({ size: 10 }), 2: (c) => c.close() },
      { fill: 'same-close' },
    );
    expect(orders).toMatchObject([{ bar: 1, filledPrice: 104, status: 'filled' }]);
    expect(cash).toEqual([10_000, 10_000, 8960]);
    expect(equity).toEqual([10_000, 10_000, 10_060]);
  });

  it('same-close: the bracket works in the bar after', () => {
    const { trades } = playOn([100, [100, 101, 94, 99]], { 0: (c) => c.buy({ size: 10, stopLoss: 95 }) }, { fill: 'same-close' });
    expect(trades).toMatchObject([{ entryBar: 0, entryPrice: 100, exitBar: 1, exitPrice: 95 }]);
  });
});

describe('a close without a position', () => {
  it('is refused at once, and closes nothing that is entered before its fill', () => {
    // The limit fills within bar 1, and the close of bar 0 would have been filled at the end of that bar.
    const script = { 0: (c: TraderContext) => [c.buy({ size: 5, limit: 98 }), c.close()] };
    const { orders, trades, state } = playOn([FLAT, [100, 101, 97, 99], FLAT], script, { fill: 'next-close' });
    expect(orders).toMatchObject([
      { bar: 0, status: 'rejected', reason: 'nothing_to_close' },
      { bar: 1, status: 'filled', filledPrice: 98 },
    ]);
    expect(trades).toEqual([]);
    expect(state.lots[0]).toMatchObject([{ units: 5 }]);
  });
});

describe('how long an order stays', () => {
  const limit = { size: 5, limit: 90 };

  it('for a number of bars: it expires at the close of the last of them', () => {
    const seen: number[] = [];
    const look = (bar: number) => (c: { orders: readonly unknown[] }) => void (seen[bar] = c.orders.length);
    const { orders } = playOn([100, 100, 100, 100, [100, 100, 80, 100]], {
      0: (c) => c.buy({ ...limit, until: { bars: 3 } }),
      2: look(2),
      3: look(3),
    });
    expect(orders).toMatchObject([{ bar: 3, status: 'expired', reason: 'bars_over' }]);
    expect([seen[2], seen[3]]).toEqual([1, 0]);
  });

  it('for a day: on daily bars the next one only', () => {
    const { orders } = playOn([100, 100, [100, 100, 80, 100]], { 0: (c) => c.buy({ ...limit, until: 'day' }) });
    expect(orders).toMatchObject([{ bar: 2, status: 'expired', reason: 'day_over' }]);
  });

  it('for a day: on hourly bars to the end of the local day of its first bar', () => {
    const bars = barsOf([100, 100, 100, 100, [100, 100, 80, 100]]);
    // 21:00, 22:00 and 23:00 of one day in New York, then 00:00: a day order of 21:00 has two more bars.
    bars.ts.set([1, 2, 3, 4, 5].map((hour) => Date.UTC(2024, 6, 1, hour)));
    const zone = { from: Float64Array.of(-Infinity), offset: Float64Array.of(-4 * 3_600_000) };
    const { orders } = play({ 0: (c) => c.buy({ ...limit, until: 'day' }) }, { bars: [bars], rest: { zone } });
    expect(orders).toMatchObject([{ bar: 3, status: 'expired', reason: 'day_over' }]);
    expect(play({ 0: (c) => c.buy({ ...limit, until: 'day' }) }, { bars: [bars] }).orders).toMatchObject([{ bar: 4, status: 'filled' }]);
  });

  it('until it is cancelled', () => {
    const { orders } = playOn([100, 100, 100, [100, 100, 80, 100]], { 0: (c) => c.buy(limit), 2: (c) => c.cancel(1) });
    expect(orders).toMatchObject([{ bar: 2, status: 'cancelled', reason: 'by_strategy', size: 5, price: 90 }]);
  });
});

describe('a group of orders', () => {
  it('is cancelled by its first fill', () => {
    const { orders, state } = playOn([100, [100, 106, 99, 105], 100], {
      0: (c) => {
        c.buy({ size: 5, stop: 105, oco: 'out of the range' });
        c.sell({ size: 5, stop: 95, oco: 'out of the range' });
      },
    });
    expect(orders).toMatchObject([
      { order: 1, status: 'filled', filledPrice: 105 },
      { order: 2, status: 'cancelled', reason: 'oco' },
    ]);
    expect(state.orders).toEqual([]);
  });

  it('takes the stop where one bar touches a stop and a limit', () => {
    const { orders } = playOn([100, 100, [100, 111, 94, 100]], {
      0: (c) => c.buy({ size: 5 }),
      1: (c) => {
        c.sell({ size: 5, limit: 110, reduceOnly: true, oco: 'exit' });
        c.sell({ size: 5, stop: 95, reduceOnly: true, oco: 'exit' });
      },
    });
    expect(orders.slice(1)).toMatchObject([
      { type: 'stop', status: 'filled', filledPrice: 95 },
      { type: 'limit', status: 'cancelled', reason: 'oco' },
    ]);
  });
});
