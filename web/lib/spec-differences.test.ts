import { expect, it } from 'vitest';
import { specDifferences } from './spec-differences.ts';

it('names the places at which specs differ, with what each has there', () => {
  const a = { name: 'A', data: { symbols: ['X'], from: '2020-01-01' }, strategy: { params: { fast: 1 } } };
  const b = { name: 'A', data: { symbols: ['X', 'Y'] }, strategy: { params: { fast: 1 } } };
  expect(specDifferences([a, b])).toEqual([
    { path: 'data.symbols', values: ['["X"]', '["X","Y"]'] },
    { path: 'data.from', values: ['2020-01-01', undefined] },
  ]);
  expect(specDifferences([a, a])).toEqual([]);
});
