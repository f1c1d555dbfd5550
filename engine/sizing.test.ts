import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccountSpec } from '../shared/spec.ts';
import { plainInstrument } from './instrument.ts';
import { createSizer } from './sizing.ts';

/** Units that the account's own sizing comes to with so much money, 0 where they cannot be paid. */
function unitsOf(account: AccountSpec, cash: number, at: number): number {
  const sizer = createSizer(account, plainInstrument(account));
  const power = account.leverage * cash;
  const units = sizer.wanted(null, power, at);
  return sizer.affords(units, power, at) ? units : 0;
}

const money = fc.double({ min: 1, max: 1e9, noNaN: true });
const price = fc.double({ min: 1e-3, max: 1e5, noNaN: true });
const relative = fc.double({ min: 0, max: 0.5, noNaN: true });
const leverage = fc.double({ min: 1, max: 20, noNaN: true });

describe('an order for all the money', () => {
  it('is never dropped for the rounding of its last digit', () => {
    fc.assert(
      fc.property(money, price, relative, leverage, (cash, at, fee, lever) => {
        for (const sizing of [{ kind: 'all-in' }, { kind: 'fraction', fraction: 1 }]) {
          const account = AccountSpec.parse({ fees: { relative: fee, fixed: 0.1 }, leverage: lever, fractional: true, sizing });
          expect(unitsOf(account, cash, at)).toBeGreaterThan(0);
        }
      }),
      // About one in six of these is a unit in the last place too dear.
      { numRuns: 500 },
    );
  });

  it('costs no more than the buying power, and leaves less than one unit of it', () => {
    fc.assert(
      fc.property(money, price, relative, leverage, (cash, at, fee, lever) => {
        const units = unitsOf(AccountSpec.parse({ fees: { relative: fee }, leverage: lever }), cash, at);
        const each = at * (1 + fee);
        expect(Number.isInteger(units)).toBe(true);
        expect(units * each).toBeLessThanOrEqual(cash * lever);
        expect((units + 1) * each).toBeGreaterThanOrEqual(cash * lever * (1 - 1e-12));
      }),
    );
  });
});

describe('an account without money', () => {
  it('can order nothing', () => {
    for (const sizing of [{ kind: 'all-in' }, { kind: 'units', units: 1 }, { kind: 'cash', amount: 10 }]) {
      const account = AccountSpec.parse({ sizing, fractional: true });
      expect([unitsOf(account, 0, 10), unitsOf(account, -500, 10)]).toEqual([0, 0]);
    }
  });
});
