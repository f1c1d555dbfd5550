import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccountSpec } from '../shared/spec.ts';
import { createSizing } from './sizing.ts';

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
          expect(createSizing(account)(cash, at)).toBeGreaterThan(0);
        }
      }),
      // About one in six of these is a unit in the last place too dear.
      { numRuns: 500 },
    );
  });

  it('costs no more than the buying power, and leaves less than one unit of it', () => {
    fc.assert(
      fc.property(money, price, relative, leverage, (cash, at, fee, lever) => {
        const units = createSizing(AccountSpec.parse({ fees: { relative: fee }, leverage: lever }))(cash, at);
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
      const sizeOrder = createSizing(AccountSpec.parse({ sizing, fractional: true }));
      expect([sizeOrder(0, 10), sizeOrder(-500, 10)]).toEqual([0, 0]);
    }
  });
});
