import { describe, expect, it } from 'vitest';
import type { Bars, Membership } from '../../shared/bars.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import { play } from '../../test/fixtures/played.ts';
import type { TraderContext } from '../trader.ts';

const day = (bar: number): number => Date.UTC(2024, 0, 1) + bar * 86_400_000;

function memberOf(...stretches: [from: number, to: number][]): Membership {
  return {
    from: Float64Array.from(stretches, ([from]) => day(from)),
    to: Float64Array.from(stretches, ([, to]) => (to === Infinity ? to : day(to))),
  };
}

const buyTen = (c: TraderContext) => void c.buy({ symbol: 'TEST', size: 10 });

describe('a symbol of a universe', () => {
  it('is closed at the first open after its membership', () => {
    const bars: Bars = { ...barsOf([100, 100, 110, 120, 130]), membership: memberOf([0, 3]) };
    const { trades, equity, orders } = play({ 0: buyTen }, { bars: [bars] });
    expect(trades).toMatchObject([{ entryBar: 1, exitBar: 3, exitPrice: 120, pnl: 200, exitReason: 'universe' }]);
    expect(equity).toEqual([10_000, 10_000, 10_100, 10_200, 10_200]);
    expect(orders).toMatchObject([{ status: 'filled' }, { bar: 3, status: 'filled', reason: 'universe', filledSize: 10 }]);
  });

  it('is not entered before it is a member, nor after, and again when it is one again', () => {
    const bars: Bars = { ...barsOf([100, 100, 100, 100, 100, 100, 100]), membership: memberOf([2, 4], [6, Infinity]) };
    const { trades, orders, state } = play({ 0: buyTen, 1: buyTen, 3: buyTen, 5: buyTen }, { bars: [bars] });
    expect(orders.map(({ bar, status, reason }) => [bar, status, reason])).toEqual([
      [1, 'rejected', 'not_a_member'],
      [2, 'filled', 'none'],
      [4, 'cancelled', 'not_a_member'],
      [4, 'filled', 'universe'],
      [6, 'filled', 'none'],
    ]);
    expect(trades).toHaveLength(1);
    expect(state.lots[0]).toMatchObject([{ units: 10, entryBar: 6 }]);
  });

  it('that has no bars any more is closed at its last close', () => {
    const gone: Bars = { ...barsOf([100, 100, [90, 90, 70, 80]]), membership: memberOf([0, 3]) };
    const other: Bars = { ...barsOf([10, 10, 10, 10, 10]), symbol: 'Y', membership: memberOf([0, Infinity]) };
    const { trades, equity } = play({ 0: buyTen }, { bars: [gone, other] });
    expect(trades).toMatchObject([{ exitBar: 3, exitPrice: 80, pnl: -200, exitReason: 'universe' }]);
    expect(equity).toEqual([10_000, 10_000, 9_800, 9_800, 9_800]);
  });

  it('has its resting exits cancelled with its position', () => {
    const bars: Bars = { ...barsOf([100, 100, 100, 100]), membership: memberOf([0, 2]) };
    const script = { 0: buyTen, 1: (c: TraderContext) => void c.sell({ size: 10, limit: 150, reduceOnly: true }) };
    const { orders, state } = play(script, { bars: [bars] });
    expect(orders.map(({ bar, status, reason }) => [bar, status, reason])).toEqual([
      [1, 'filled', 'none'],
      [2, 'cancelled', 'not_a_member'],
      [2, 'filled', 'universe'],
    ]);
    expect(state.orders).toEqual([]);
  });

  it('tells who asks whether it is a member now', () => {
    const bars: Bars = { ...barsOf([100, 100, 100, 100]), membership: memberOf([1, 3]) };
    const seen: boolean[] = [];
    const look = (c: TraderContext) => void seen.push(c.symbol().member);
    play({ 0: look, 1: look, 2: look, 3: look }, { bars: [bars] });
    expect(seen).toEqual([false, true, true, false]);
  });

  it('that was never a member is never entered', () => {
    const bars: Bars = { ...barsOf([100, 100, 100]), membership: memberOf() };
    expect(play({ 0: buyTen }, { bars: [bars] }).orders).toMatchObject([{ reason: 'not_a_member' }]);
  });
});
