import { describe, expect, it } from 'vitest';
import { nextUniform, seededState, type RandomState } from './seeded-random.ts';

const draws = (state: RandomState, count: number) => Array.from({ length: count }, () => nextUniform(state));

describe('seeded random numbers', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(draws(seededState(7), 5)).toEqual(draws(seededState(7), 5));
    expect(draws(seededState(8), 5)).not.toEqual(draws(seededState(7), 5));
    expect(draws(seededState(0), 5)).not.toEqual(draws(seededState(2 ** 32 - 1), 5));
  });

  it('go on from a state that was written down', () => {
    const state = seededState(7);
    draws(state, 3);
    const copy = JSON.parse(JSON.stringify(state)) as RandomState;
    expect(draws(copy, 3)).toEqual(draws(state, 3));
  });

  it('fill [0, 1) evenly', () => {
    const tenths = new Float64Array(10);
    for (const draw of draws(seededState(1), 100_000)) tenths[Math.floor(draw * 10)]!++;
    // Chi-squared with nine degrees of freedom: above 27.9 once in a thousand seeds.
    expect(tenths.reduce((sum, count) => sum + ((count - 10_000) * (count - 10_000)) / 10_000, 0)).toBeLessThan(27.9);
  });
});
