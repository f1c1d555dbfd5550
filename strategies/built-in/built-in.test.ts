import { describe, expect, it } from 'vitest';
import { ENTER_LONG, ENTER_SHORT, EXIT_LONG } from '../../engine/strategy.ts';
import type { StrategySpec } from '../../shared/spec.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import { prepareStrategy } from '../catalog.ts';

/** The signals from the first decision on. */
function signalsOf(closes: number[], name: string, params: StrategySpec['params'] = {}) {
  const strategy = prepareStrategy({ name, params }, barsOf(closes));
  const { firstDecision } = strategy;
  const out = new Uint8Array(Math.max(0, closes.length - firstDecision));
  strategy.signals(firstDecision, closes.length, out);
  return { firstDecision, signals: [...out] };
}

// Averages of 1 and 3 bars: 9|10 above at bar 3, 9|9.33 below at bar 4, 12|10.33 above at bar 5.
const CLOSES = [10, 9, 8, 12, 8, 11, 12];

describe('sma-cross', () => {
  it('enters when the fast average crosses above, and leaves when it crosses below', () => {
    const { firstDecision, signals } = signalsOf(CLOSES, 'sma-cross', { fast: 1, slow: 3 });
    expect(firstDecision).toBe(3);
    expect(signals).toEqual([ENTER_LONG, EXIT_LONG, ENTER_LONG, 0]);
  });

  it('goes short instead with direction long-short', () => {
    const { signals } = signalsOf(CLOSES, 'sma-cross', { fast: 1, slow: 3, direction: 'long-short' });
    expect(signals).toEqual([ENTER_LONG, ENTER_SHORT, ENTER_LONG, 0]);
  });

  it('never decides on too few bars', () => {
    expect(signalsOf([10, 9], 'sma-cross', { fast: 1, slow: 3 })).toEqual({ firstDecision: 3, signals: [] });
  });
});

describe('buy-and-hold', () => {
  it('wants to be long from the second close on', () => {
    expect(signalsOf([10, 11, 12], 'buy-and-hold')).toEqual({ firstDecision: 1, signals: [ENTER_LONG, ENTER_LONG] });
  });
});

describe('rsi-reversion', () => {
  it('enters below one threshold and leaves above the other', () => {
    // Period 2, gains and losses: bar 2 (0, 1.5) → 0, bar 3 (1, 0.75) → 57.1, bar 4 (0.5, 1.375) → 26.7, bar 5 (2.25, 0.69) → 76.6.
    const { firstDecision, signals } = signalsOf([10, 9, 7, 9, 7, 11], 'rsi-reversion', { period: 2, buyBelow: 30, sellAbove: 60 });
    expect(firstDecision).toBe(3);
    expect(signals).toEqual([0, ENTER_LONG, EXIT_LONG]);
  });

  it('does nothing while the index is undefined', () => {
    expect(signalsOf([5, 5, 5, 5, 5], 'rsi-reversion', { period: 2 }).signals).toEqual([]);
  });
});

describe('synthetic-load', () => {
  it('decides as sma-cross does, whatever it costs', () => {
    const params = { fast: 1, slow: 3 };
    for (const microsecondsPerBar of [0, 20]) {
      expect(signalsOf(CLOSES, 'synthetic-load', { ...params, microsecondsPerBar })).toEqual(signalsOf(CLOSES, 'sma-cross', params));
    }
  });
});
