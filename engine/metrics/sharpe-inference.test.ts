import { describe, expect, it } from 'vitest';
import { normalCdf } from './normal.ts';
import { deflatedSharpe, expectedMaximumSharpe, minimumTrackRecordLength, probabilisticSharpe } from './sharpe-inference.ts';

const normal = { sharpe: 0.1, observations: 101, skewness: 0, kurtosis: 3 };

describe('what a Sharpe ratio is worth', () => {
  it('is a probability that grows with the ratio and the observations', () => {
    // √(1 + 2/4 × 0.01) under the distance 0.1 × √100.
    expect(probabilisticSharpe(normal)).toBeCloseTo(normalCdf(1 / Math.sqrt(1.005)), 14);
    expect(probabilisticSharpe(normal, 0.1)).toBe(0.5);
    expect(probabilisticSharpe({ ...normal, observations: 401 })).toBeGreaterThan(probabilisticSharpe(normal));
    expect(probabilisticSharpe({ ...normal, skewness: -1 })).toBeLessThan(probabilisticSharpe(normal));
  });

  it('reaches the confidence at the minimum track record', () => {
    const observations = minimumTrackRecordLength(normal, 0.02, 0.95);
    expect(probabilisticSharpe({ ...normal, observations }, 0.02)).toBeCloseTo(0.95, 12);
    expect(minimumTrackRecordLength(normal, 0.1, 0.95)).toBe(Infinity);
  });

  it('is less the more trials there were', () => {
    const trials = (count: number) => deflatedSharpe(normal, { trials: count, variance: 0.01 });
    expect(trials(1)).toBe(probabilisticSharpe(normal));
    expect([trials(1), trials(2), trials(10), trials(1e9)].every((value, i, all) => i === 0 || value < all[i - 1]!)).toBe(true);
  });

  it('has no expected maximum without a trial, and 0 for one', () => {
    expect(expectedMaximumSharpe(0)).toBeNaN();
    expect(expectedMaximumSharpe(1)).toBe(0);
  });

  it('is undefined where there is no ratio, or moments that no returns can have', () => {
    expect(probabilisticSharpe({ ...normal, sharpe: NaN })).toBeNaN();
    expect(probabilisticSharpe({ sharpe: 1, observations: 10, skewness: 5, kurtosis: 1 })).toBeNaN();
  });
});
