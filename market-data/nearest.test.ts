import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

describe('nearest', () => {
  it.each([
    ['APPL', ['AAPL', 'IBM'], 'AAPL'],
    ['aapl', ['IBM', 'AAPL'], 'AAPL'],
    ['syntetic', ['sample', 'synthetic'], 'synthetic'],
    ['SPY', ['AAPL', 'IBM'], null],
    ['x', [], null],
  ])('of %s in %j is %s', (word, known, expected) => {
    expect(nearest(word, known)).toBe(expected);
  });
});

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
