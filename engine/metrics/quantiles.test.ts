import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { takeQuantile } from './quantiles.ts';

describe('a quantile', () => {
  it('lies between the sorted values, at its share of the way from the first to the last', () => {
    // Place 0.3 × 4 = 1.2: a fifth of the way from 20 to 30.
    expect(takeQuantile(Float64Array.of(50, 10, 40, 30, 20), 0.3)).toEqual({ value: 22, lower: 20, index: 1 });
    expect(takeQuantile(Float64Array.of(7), 0.95)).toEqual({ value: 7, lower: 7, index: 0 });
    expect(takeQuantile(new Float64Array(0), 0.5).value).toBeNaN();
  });

  it('is that of the sorted values, and leaves the lowest in front', () => {
    const values = fc.array(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, 1, 2)), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const column = Float64Array.from(list);
        const { lower, index } = takeQuantile(column, share);
        const sorted = Float64Array.from(list).sort();
        expect(lower === sorted[index]).toBe(true);
        expect(column.subarray(0, index + 1).every((value) => value <= lower)).toBe(true);
        expect(column.toSorted().every((value, i) => value === sorted[i])).toBe(true);
      }),
    );
  });
});
