import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

describe('the nearest known name', () => {
  const known = ['sma-cross', 'buy-and-hold', 'rsi-reversion'];

  it('is the one with the fewest edits, in any case', () => {
    expect(nearestName('SMA_cross', known)).toBe('sma-cross');
    expect(nearestName('buy-and-hodl', known)).toBe('buy-and-hold');
    expect(nearestName('slw', ['fast', 'slow'])).toBe('slow');
    expect(nearestName('fats', ['fast', 'slow'])).toBe('fast');
  });

  it('is none when nothing is near, or nothing is known', () => {
    expect(nearestName('macd', known)).toBeNull();
    expect(nearestName('macd', [])).toBeNull();
  });
});
