import { describe, expect, it } from 'vitest';
import { createNormal, createWords } from './random-numbers.ts';

describe('createWords', () => {
  it('gives 32 bits, each set half of the time', () => {
    const words = createWords('seed');
    const drawn = Array.from({ length: 20_000 }, words);
    expect(drawn.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32)).toBe(true);
    for (let bit = 0; bit < 32; bit++) {
      const share = drawn.filter((word) => Math.floor(word / 2 ** bit) % 2 === 1).length / drawn.length;
      expect(Math.abs(share - 0.5)).toBeLessThan(0.018); // five standard errors of 0.5 / sqrt(20,000)
    }
  });

  it('repeats itself for the same seed only', () => {
    const [a, same, other] = [createWords('a'), createWords('a'), createWords('b')];
    expect([a(), a()]).toEqual([same(), same()]);
    expect(a()).not.toBe(other());
  });
});

describe('createNormal', () => {
  it('has the moments of a standard normal', () => {
    const normal = createNormal(createWords('seed'));
    const drawn = Float64Array.from({ length: 200_000 }, normal);
    const moment = (power: number): number => drawn.reduce((sum, value) => sum + value ** power, 0) / drawn.length;
    // Standard errors: 1, sqrt(2), sqrt(15), sqrt(96) over sqrt(200,000); bounds are four of them.
    expect(Math.abs(moment(1))).toBeLessThan(0.009);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.013);
    expect(Math.abs(moment(3))).toBeLessThan(0.035);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.09);
  });
});
