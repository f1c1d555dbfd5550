import { expect, it } from 'vitest';
import { changedAt } from './change-at.ts';

const SPEC = { name: 'A', account: { cash: 1, fees: { relative: 0.1 } } };

it('changes a spec at a path and leaves the order of its fields', () => {
  const changed = changedAt(SPEC, ['account', 'cash'], 2);
  expect(JSON.stringify(changed)).toBe('{"name":"A","account":{"cash":2,"fees":{"relative":0.1}}}');
  expect(changedAt(SPEC, ['data', 'symbols'], ['X'])).toEqual({ ...SPEC, data: { symbols: ['X'] } });
});

it('takes a field out, and with it what becomes empty', () => {
  expect(changedAt(SPEC, ['account', 'fees', 'relative'], undefined)).toEqual({ name: 'A', account: { cash: 1 } });
  expect(changedAt({ name: 'A' }, ['account', 'cash'], undefined)).toEqual({ name: 'A' });
});
