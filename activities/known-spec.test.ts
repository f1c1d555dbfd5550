import { expect, it } from 'vitest';
import { BacktestSpec } from '../shared/spec.ts';
import { isKnownSpec, requireKnownSpec } from './known-spec.ts';

const spec = BacktestSpec.parse({ data: { source: 'sample', symbols: ['AAPL'] }, strategy: { name: 'sma-cross' } });

it('a spec with all defaults filled in is known', () => {
  expect(isKnownSpec(spec)).toBe(true);
  expect(() => requireKnownSpec(spec)).not.toThrow();
});

it('a spec with a field of a newer version is not, and the field is named', () => {
  const newer = { ...spec, account: { ...spec.account, laterField: 'full' } };
  expect(isKnownSpec(newer)).toBe(false);
  expect(() => requireKnownSpec(newer)).toThrow(
    expect.objectContaining({ code: 'spec_not_known', faults: [{ path: 'account.laterField', message: 'is not a known field' }] }),
  );
});
