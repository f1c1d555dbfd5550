import { describe, expect, it } from 'vitest';
import { AccountSpec, DataSpec } from './spec.ts';

const faultsOf = (result: { error?: { issues: readonly { path: PropertyKey[] }[] } | undefined }) =>
  (result.error?.issues ?? []).map(({ path }) => path.join('.'));

describe('an account', () => {
  it('left empty costs nothing, borrows nothing and fills at the next open', () => {
    expect(AccountSpec.parse({})).toEqual({
      cash: 100_000,
      currency: 'USD',
      fees: { relative: 0, fixed: 0, perUnit: 0, minimum: 0 },
      slippage: { relative: 0, ticks: 0, impact: 0 },
      spread: 0,
      interest: { borrow: 0, margin: 0 },
      leverage: 1,
      maintenanceMargin: 0,
      limits: {},
      hedging: false,
      dividends: 'cash',
      fill: 'next-open',
      fractional: false,
      sizing: { kind: 'all-in' },
    });
  });

  it('is refused with every fault at once', () => {
    const account = {
      cash: 0,
      fees: { relative: 1.5, minimum: 5, maximum: 2 },
      slippage: { maxVolumeShare: 0 },
      leverage: 0.5,
      fill: 'never',
    };
    const paths = faultsOf(AccountSpec.safeParse(account));
    expect(paths.toSorted()).toEqual(['cash', 'fees.maximum', 'fees.relative', 'fill', 'leverage', 'slippage.maxVolumeShare']);
  });
});

describe('instruments', () => {
  const data = { source: 'sample', symbols: ['AAPL'] };

  it('have a multiplier of 1 and are traded, unless they say otherwise', () => {
    const { instruments } = DataSpec.parse({ ...data, instruments: { AAPL: { lotSize: 100 } } });
    expect(instruments).toEqual({ AAPL: { multiplier: 1, lotSize: 100, minimumSize: 0, tradable: true } });
  });

  it('must be among the symbols', () => {
    expect(faultsOf(DataSpec.safeParse({ ...data, instruments: { MSFT: {} } }))).toEqual(['instruments']);
  });
});
