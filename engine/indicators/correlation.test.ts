import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { indicatorColumn } from './compute.ts';
import { correlation } from './correlation.ts';

it('never leaves -1 to 1, though rounding would push a perfect correlation beyond', () => {
  const values = fc.array(fc.double({ min: 1, max: 2, noNaN: true }), { minLength: 5, maxLength: 60, size: 'max' });
  fc.assert(
    fc.property(values, fc.constantFrom(3, -3), (list, factor) => {
      const a = Float64Array.from(list);
      const coefficients = indicatorColumn(correlation, [a, a.map((value) => factor * value)], [5]);
      expect(coefficients.every((value) => Number.isNaN(value) || Math.abs(value) <= 1)).toBe(true);
    }),
  );
});
