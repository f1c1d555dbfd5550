import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FINISHED_CURVE_COLUMNS, type FinishedCurveBlock } from '../shared/series.ts';
import { createPyramid, downsample } from './pyramid.ts';
import { cutAt, numberedColumns } from './series-for-tests.ts';

/** A curve whose equity is given; every other column says the bar. */
function curveOf(equity: readonly number[]): FinishedCurveBlock {
  return { ...numberedColumns(FINISHED_CURVE_COLUMNS, equity.length), equity: Float64Array.from(equity) };
}

function levelsOf(blocks: readonly FinishedCurveBlock[]): FinishedCurveBlock[] {
  const pyramid = createPyramid();
  for (const block of blocks) pyramid.add(block);
  return pyramid.levels();
}

/** Equity that goes up and down like a saw, so that bars, not values, decide which extreme comes first. */
const saw = (bars: number): number[] => Array.from({ length: bars }, (_, bar) => (bar * 7919) % 1009);

describe('downsample', () => {
  it('keeps the first, lowest, highest and last point of each bucket, in time order', () => {
    const thinned = downsample(curveOf([5, 9, 1, 6, 7, 3, 3, 8, 8, 4]), 8);
    // 10 points in 2 buckets of 5: [5 9 1 6 7] and [3 3 8 8 4]; in the second the first is also the earlier of the two lowest.
    expect([...thinned.equity]).toEqual([5, 9, 1, 7, 3, 8, 4]);
    expect([...thinned.ts]).toEqual([0, 1, 2, 4, 5, 7, 9]);
  });

  it('keeps all columns of a point together', () => {
    const { ts, cash, benchmark } = downsample(curveOf(saw(1000)), 40);
    expect([...cash]).toEqual([...ts].map((bar) => bar + 0.02));
    expect([...benchmark]).toEqual([...ts].map((bar) => bar + 0.05));
  });

  it('hands back a curve that is short enough as it is', () => {
    const curve = curveOf([1, 2, 3]);
    expect(downsample(curve, 3)).toBe(curve);
    expect(downsample(curveOf([]), 10).ts).toHaveLength(0);
  });

  it('gives at most as many points as asked, with both ends and both extremes of the whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 5, maxLength: 300 }),
        fc.integer({ min: 4, max: 40 }),
        (equity, points) => {
          const thinned = [...downsample(curveOf(equity), points).equity];
          expect(thinned.length).toBeLessThanOrEqual(Math.max(points, equity.length <= points ? equity.length : 4));
          expect([thinned[0], thinned.at(-1)]).toEqual([equity[0], equity.at(-1)]);
          expect([Math.min(...thinned), Math.max(...thinned)]).toEqual([Math.min(...equity), Math.max(...equity)]);
        },
      ),
    );
  });
});

describe('a pyramid', () => {
  it('has no level for a curve that is drawn as it is', () => {
    expect(levelsOf([])).toEqual([]);
    expect(levelsOf([curveOf(saw(3_999))])).toEqual([]);
    expect(levelsOf([curveOf(saw(4_000))])).toHaveLength(1);
  });

  it('grows coarser until a level has at most 2,000 points', () => {
    // Buckets of 64 and 256 bars with at most 4 points each: 100,000 bars give about 6,250 and 1,564.
    const levels = levelsOf([curveOf(saw(100_000))]).map((level) => level.ts.length);
    expect(levels).toHaveLength(2);
    expect(levels[0]).toBeGreaterThan(2_000);
    expect(levels[0]).toBeLessThanOrEqual(4 * Math.ceil(100_000 / 64));
    expect(levels[1]).toBeLessThanOrEqual(4 * Math.ceil(100_000 / 256));
  });

  it('keeps a single spike at every level', () => {
    const equity = Array.from({ length: 200_000 }, () => 100);
    equity[123_457] = 900;
    equity[55_555] = 1;
    for (const level of levelsOf([curveOf(equity)])) {
      expect(level.ts[level.equity.indexOf(900)]).toBe(123_457);
      expect(level.ts[level.equity.indexOf(1)]).toBe(55_555);
      expect([level.ts[0], level.ts.at(-1)]).toEqual([0, 199_999]);
      expect([...level.ts]).toEqual([...level.ts].sort((a, b) => a - b));
    }
  });

  it('makes each coarser level of the curve itself: of points no finer level lost', () => {
    const equity = saw(60_000);
    const [finest, coarser] = levelsOf([curveOf(equity)]);
    expect(coarser).toBeDefined();
    for (let bucket = 0; bucket * 256 < equity.length; bucket++) {
      const bars = equity.slice(bucket * 256, bucket * 256 + 256);
      const inBucket = [...coarser!.ts].flatMap((bar, i) => (Math.floor(bar / 256) === bucket ? [coarser!.equity[i]!] : []));
      expect([Math.min(...inBucket), Math.max(...inBucket)]).toEqual([Math.min(...bars), Math.max(...bars)]);
    }
    expect([...coarser!.ts].every((bar) => finest!.ts.includes(bar))).toBe(true);
  });

  it('does not depend on how the curve was cut into blocks', () => {
    const curve = curveOf(saw(10_000));
    const whole = levelsOf([curve]);
    const cut = fc.oneof(fc.nat(10_000), fc.constantFrom(63, 64, 65, 128));
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 8 }), (cuts) => {
        expect(levelsOf(cutAt(FINISHED_CURVE_COLUMNS, curve, cuts))).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });
});

it('makes a coarser pyramid of a curve with very many points, since it is made in memory', () => {
  const beginsBuckets = (total: number): boolean => {
    const pyramid = createPyramid(total);
    pyramid.add(curveOf(saw(8_192)));
    const bars = new Set(pyramid.levels()[0]!.ts);
    return Array.from({ length: 128 }, (_, bucket) => bucket * 64).every((bar) => bars.has(bar));
  };
  expect([beginsBuckets(32_000_000), beginsBuckets(33_000_000)]).toEqual([true, false]);
});
