import { describe, expect, it } from 'vitest';
import { didYouMean } from './did-you-mean.ts';

describe('didYouMean', () => {
  it('names the nearest word, and all of them when they are few', () => {
    expect(didYouMean('APPL', ['AAPL', 'IBM'])).toBe('Did you mean "AAPL"? Known: AAPL, IBM.');
    expect(didYouMean('SPY', ['AAPL', 'IBM'])).toBe('Known: AAPL, IBM.');
  });

  it('only counts them when they are many', () => {
    const known = Array.from({ length: 21 }, (_, i) => `SYMBOL-${i}`);
    expect(didYouMean('SYMBOL-x', known)).toBe('Did you mean "SYMBOL-0"? 21 are known.');
  });
});
