import { describe, expect, it } from 'vitest';
import { crossOver, crossUnder } from './crossing.ts';

const flat = Float64Array.of(5, 5);
const over = (before: number, now: number) => crossOver(Float64Array.of(before, now), flat, 1);
const under = (before: number, now: number) => crossUnder(Float64Array.of(before, now), flat, 1);

describe('a crossing', () => {
  it('needs one side before and the other now', () => {
    expect([over(4, 6), over(6, 7), over(3, 4), over(6, 4)]).toEqual([true, false, false, false]);
    expect([under(6, 4), under(4, 3), under(7, 6), under(4, 6)]).toEqual([true, false, false, false]);
  });

  it('is strict on both bars: a touch is none', () => {
    expect([over(5, 6), over(4, 5), under(5, 4), under(6, 5)]).toEqual([false, false, false, false]);
  });

  it('is none where a value is NaN', () => {
    expect([over(NaN, 6), over(4, NaN), under(NaN, 4), under(6, NaN)]).toEqual([false, false, false, false]);
  });
});
