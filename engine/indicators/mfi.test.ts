import { expect, it } from 'vitest';
import { indicatorColumn } from './compute.ts';
import { mfi } from './mfi.ts';

it('takes a difference that is no more than a rounding error for no move', () => {
  // 0.1 + 0.2 and 0.3 differ in the last digit: the third bar has not risen, and its money counts for nothing.
  const price = Float64Array.of(0.2, 0.1 + 0.2, 0.3, 0.1);
  const volume = Float64Array.of(10, 10, 1000, 30);
  expect(indicatorColumn(mfi, [price, price, price, volume], [3])[3]).toBeCloseTo(50, 11);
});
