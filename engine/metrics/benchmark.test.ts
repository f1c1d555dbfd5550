import { describe, expect, it } from 'vitest';
import { activeFigures, alpha, beta, returnPairs, treynor } from './benchmark.ts';
import { returnSeries } from './returns.ts';

const YEARLY = { periodsPerYear: 1, ddof: 1 };

const pairsOf = (own: number[], benchmark: number[], conventions = YEARLY) =>
  returnPairs(returnSeries(Float64Array.from(own), conventions), Float64Array.from(benchmark));

describe('figures against a benchmark', () => {
  // Returns 20 %, -10 %, 20 % against 10 %, 0 %, 20 %: means 0.1 and 0.1.
  const pairs = pairsOf([100, 120, 108, 129.6], [100, 110, 110, 132]);

  it('are beta, alpha and the Treynor ratio', () => {
    // Deviations 0.1, -0.2, 0.1 and 0, -0.1, 0.1: products 0.03, squares 0.02.
    expect(beta(pairs)).toBeCloseTo(1.5, 12);
    expect(alpha(pairs, 0)).toBeCloseTo(0.1 - 1.5 * 0.1, 12);
    expect(alpha(pairs, 0.04)).toBeCloseTo(0.06 - 1.5 * 0.06, 12);
    expect(treynor(pairs, 0.04)).toBeCloseTo(0.06 / 1.5, 12);
  });

  it('are tracking error and information ratio', () => {
    // Differences 0.1, -0.1, 0: mean 0, squares 0.02.
    expect(activeFigures(pairs).trackingError).toBeCloseTo(0.1, 12);
    expect(activeFigures(pairs).informationRatio).toBeCloseTo(0, 12);
    // Differences 0.1 and 0 a quarter: mean 0.05, deviation √0.005.
    const quarters = pairsOf([100, 120, 120], [100, 110, 110], { periodsPerYear: 4, ddof: 1 });
    expect(activeFigures(quarters).trackingError).toBeCloseTo(Math.sqrt(0.005) * 2, 12);
    expect(activeFigures(quarters).informationRatio).toBeCloseTo(0.2 / (Math.sqrt(0.005) * 2), 12);
  });

  it('are compounded over the periods of a year', () => {
    const quarters = pairsOf([100, 102, 104.04, 106.1208], [100, 101, 100, 101], { periodsPerYear: 4, ddof: 1 });
    expect(beta(quarters)).toBeCloseTo(0, 12);
    expect(alpha(quarters, 0)).toBeCloseTo(1.02 * 1.02 * 1.02 * 1.02 - 1, 12);
  });

  it('leave out the days on which the benchmark is not known', () => {
    const gap = pairsOf([100, 110, 120, 108, 129.6, 140], [NaN, NaN, 110, 110, 132, NaN]);
    expect([...gap.benchmark]).toEqual([0, 132 / 110 - 1]);
    expect([...gap.own]).toEqual([108 / 120 - 1, 129.6 / 108 - 1]);
  });

  it('are undefined without a benchmark, or when it does not vary', () => {
    const unknown = pairsOf([100, 120, 108], [NaN, NaN, NaN]);
    const none = returnPairs(returnSeries(Float64Array.of(100, 120, 108), YEARLY), null);
    for (const pairs of [unknown, none]) {
      for (const figure of [beta(pairs), alpha(pairs, 0), treynor(pairs, 0), activeFigures(pairs).trackingError]) expect(figure).toBeNaN();
    }
    expect(Number.isFinite(beta(pairsOf([100, 120, 108], [100, 110, 121])))).toBe(false);
  });

  it('have no information ratio where the strategy is its benchmark but for rounding', () => {
    const prices = Array.from({ length: 500 }, (_, i) => 50 + 10 * Math.sin(i));
    const { trackingError, informationRatio } = activeFigures(
      pairsOf(
        prices.map((price) => (1000 / 3) * price),
        prices.map((price) => price / 7),
      ),
    );
    expect(trackingError).toBe(0);
    expect(Number.isFinite(informationRatio)).toBe(false);
  });
});
