import { expect, it } from 'vitest';
import { cci } from './cci.ts';
import { indicatorColumn } from './compute.ts';

it('has no value where prices stand still, whatever their mean is rounded to', () => {
  // The mean of seven times this price lies a last digit beside it.
  const price = Float64Array.from({ length: 60 }, (_, i) => (i < 30 ? 97.3 + ((i * 7) % 11) / 9 : 10.144927536231883));
  const values = indicatorColumn(cci, [price, price, price], [7]);
  expect(values.slice(36).every(Number.isNaN)).toBe(true);
  expect(Number.isFinite(values[35])).toBe(true);
});

it('is the distance from the mean in mean distances', () => {
  // Of 1, 2, 6 the mean is 3 and the mean distance 2: (6 - 3) / (0.015 × 2) = 100.
  const price = Float64Array.of(1, 2, 6);
  expect(indicatorColumn(cci, [price, price, price], [3])[2]).toBeCloseTo(100, 10);
});
