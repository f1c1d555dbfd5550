import { describe, expect, it } from 'vitest';
import { ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT } from '../../engine/strategy.ts';
import type { StrategySpec } from '../../shared/spec.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import { checkStrategy, prepareStrategy } from '../catalog.ts';

function signalsOf(closes: number[], name: string, params: StrategySpec['params']) {
  const strategy = prepareStrategy({ name, params }, barsOf(closes));
  const { firstDecision } = strategy;
  const out = new Uint8Array(closes.length - firstDecision);
  strategy.signals(firstDecision, closes.length, out);
  return { firstDecision, signals: [...out] };
}

describe('ema-cross', () => {
  // With 1 and 3 bars the fast average is the close, the slow one halves its distance to it: 8 | 9, 12 | 10.5, 8 | 9.25.
  const closes = [10, 10, 8, 12, 8];

  it('enters when the fast average crosses above, and leaves when it crosses below', () => {
    const { firstDecision, signals } = signalsOf(closes, 'ema-cross', { fast: 1, slow: 3 });
    expect(firstDecision).toBe(3);
    expect(signals).toEqual([ENTER_LONG + EXIT_SHORT, EXIT_LONG]);
  });

  it('goes short instead with direction long-short', () => {
    const { signals } = signalsOf(closes, 'ema-cross', { fast: 1, slow: 3, direction: 'long-short' });
    expect(signals).toEqual([ENTER_LONG + EXIT_SHORT, EXIT_LONG + ENTER_SHORT]);
  });

  it('refuses a fast average that is not the faster one', () => {
    expect(checkStrategy({ name: 'ema-cross', params: { fast: 30 } }).faults).toEqual([
      { path: 'strategy.params.fast', message: 'must be less than slow (30), but is 30' },
    ]);
  });
});

describe('macd', () => {
  it('enters when the line crosses above its signal line, and leaves when it crosses below', () => {
    // Averages of 1 and 3 bars as above; the line is close - slow: 0 0 -1 1.5 -1.25; its average over 3 bars: 0 0 -0.5 0.5 -0.375.
    const { firstDecision, signals } = signalsOf([10, 10, 8, 12, 8], 'macd', { fast: 1, slow: 3, smooth: 3 });
    expect(firstDecision).toBe(5);
    expect(signals).toEqual([]);
    const later = signalsOf([10, 10, 10, 10, 10, 8, 12, 8], 'macd', { fast: 1, slow: 3, smooth: 3, direction: 'long-short' });
    expect(later.signals).toEqual([0, ENTER_LONG + EXIT_SHORT, EXIT_LONG + ENTER_SHORT]);
  });

  it('refuses a fast average that is not the faster one', () => {
    expect(checkStrategy({ name: 'macd', params: { fast: 26 } }).faults.map(({ path }) => path)).toEqual(['strategy.params.fast']);
  });
});

describe('bollinger', () => {
  // Of two bars the deviation is half their distance: the bands with one deviation are the two closes themselves, with half of one between.
  const closes = [10, 12, 12, 8, 8, 10];

  it('buys below the lower band, and sells above the middle', () => {
    const { firstDecision, signals } = signalsOf(closes, 'bollinger', { period: 2, deviations: 0.5 });
    expect(firstDecision).toBe(2);
    expect(signals).toEqual([0, ENTER_LONG + EXIT_SHORT, 0, EXIT_LONG]);
  });

  it('sells short above the upper band with direction long-short', () => {
    const { signals } = signalsOf(closes, 'bollinger', { period: 2, deviations: 0.5, direction: 'long-short' });
    expect(signals).toEqual([0, ENTER_LONG + EXIT_SHORT, 0, EXIT_LONG + ENTER_SHORT]);
  });
});

describe('donchian-breakout', () => {
  const closes = [10, 11, 10, 12, 9, 8];

  it('buys above the highest high of the bars before, and sells below the lowest low of fewer', () => {
    // Ranges of two bars before: 10-11 at bars 2 and 3, 10-12 at bar 4, 9-12 at bar 5; of one bar: 11, 10, 12, 9.
    const { firstDecision, signals } = signalsOf(closes, 'donchian-breakout', { entry: 2, exit: 1 });
    expect(firstDecision).toBe(3);
    expect(signals).toEqual([ENTER_LONG + EXIT_SHORT, EXIT_LONG, EXIT_LONG]);
  });

  it('does the same on the other side with direction long-short', () => {
    const { signals } = signalsOf(closes, 'donchian-breakout', { entry: 2, exit: 1, direction: 'long-short' });
    expect(signals).toEqual([ENTER_LONG + EXIT_SHORT, EXIT_LONG + ENTER_SHORT, EXIT_LONG + ENTER_SHORT]);
  });
});
