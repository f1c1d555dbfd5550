import { describe, expect, it } from 'vitest';
import { createNormals, createWords } from './random-numbers.ts';

describe('createWords', () => {
  it('gives 32 bits, each set half of the time', () => {
    const drawn = new Int32Array(20_000);
    createWords('seed').fill(drawn);
    for (let bit = 0; bit < 32; bit++) {
      const share = drawn.filter((word) => ((word >>> bit) & 1) === 1).length / drawn.length;
      expect(Math.abs(share - 0.5)).toBeLessThan(0.018); // five standard errors of 0.5 / sqrt(20,000)
    }
  });

  it('repeats itself for the same seed only', () => {
    const [a, same, other] = [createWords('a'), createWords('a'), createWords('b')];
    expect([a.next(), a.next()]).toEqual([same.next(), same.next()]);
    expect(a.next()).not.toBe(other.next());
  });

  it('gives the same words one by one and at once', () => {
    const [single, whole] = [createWords('a'), createWords('a')];
    const words = new Int32Array(5);
    whole.fill(words);
    expect(Array.from({ length: 5 }, () => single.next())).toEqual([...words]);
  });
});

describe('createNormals', () => {
  it('has the moments of a standard normal', () => {
    const drawn = new Float64Array(200_000);
    createNormals('seed')(drawn);
    const moment = (power: number): number => drawn.reduce((sum, value) => sum + value ** power, 0) / drawn.length;
    // Standard errors: 1, sqrt(2), sqrt(15), sqrt(96) over sqrt(200,000); bounds are four of them.
    expect(Math.abs(moment(1))).toBeLessThan(0.009);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.013);
    expect(Math.abs(moment(3))).toBeLessThan(0.035);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.09);
  });

  it('has its share beyond each bound, in layers, wedges and tail', () => {
    const count = 1_000_000;
    const drawn = new Float64Array(count);
    createNormals('shares')(drawn);
    // P(|z| > bound) from tables of the normal distribution; bounds are five standard errors.
    for (const [bound, share] of [
      [0.2723, 0.7854],
      [1, 0.3173],
      [2, 0.0455],
      [3.4426, 0.000576],
    ] as const) {
      const seen = drawn.filter((value) => Math.abs(value) > bound).length / count;
      expect(Math.abs(seen - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / count) + 1e-5);
    }
  });
});
