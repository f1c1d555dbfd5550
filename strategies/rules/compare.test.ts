import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextUniform, seededState } from '../../engine/seeded-random.ts';
import { compare } from './compare.ts';

const random = seededState(11);
const LENGTH = 10_000;
/** Few different values, so that many are equal, some missing and some infinite. */
const VALUES = [NaN, -Infinity, -1.5, -0, 0, 1e-300, 1.5, 2, Infinity];
const column = () => Float64Array.from({ length: LENGTH }, () => VALUES[Math.floor(VALUES.length * nextUniform(random))]!);
/** More than the stage has room for. */
const columns = Array.from({ length: 150 }, column);

function compared(sides: readonly { array: Float64Array; at: number; isFixed: boolean }[], count: number): number[][] {
  const plane = () => new Int32Array((count + 31) >>> 5);
  const out = { above: plane(), below: plane(), equal: plane() };
  compare(sides[0]!, sides[1]!, count, out);
  const bitOf = (bits: Int32Array) => Array.from({ length: count }, (_, k) => (bits[k >>> 5]! >>> (k & 31)) & 1);
  return [bitOf(out.above), bitOf(out.below), bitOf(out.equal)];
}

describe('the comparison of two columns', () => {
  it('says of every pair whether it is above, below or equal, whichever way it is computed', () => {
    const index = fc.nat({ max: columns.length - 1 });
    const part = fc.tuple(fc.nat({ max: LENGTH - 1 }), fc.nat({ max: LENGTH - 1 }), fc.integer({ min: 1, max: 1_100 }));
    fc.assert(
      fc.property(index, index, part, fc.boolean(), (a, b, [i, j, most], areFixed) => {
        const count = Math.min(most, LENGTH - Math.max(i, j));
        const x = columns[a]!.subarray(i, i + count);
        const y = columns[b]!.subarray(j, j + count);
        const sides = [
          { array: columns[a]!, at: i, isFixed: areFixed },
          { array: columns[b]!, at: j, isFixed: areFixed },
        ];
        expect(compared(sides, count)).toEqual([
          Array.from(x, (value, k) => +(value > y[k]!)),
          Array.from(x, (value, k) => +(value < y[k]!)),
          Array.from(x, (value, k) => +(value === y[k]!)),
        ]);
      }),
      { numRuns: 2_000 },
    );
  });
});
