import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AccountSpec } from '../shared/spec.ts';
import { createCosts } from './costs.ts';
import { plainInstrument } from './instrument.ts';

const fraction = fc.double({ min: 0, max: 0.1, noNaN: true });
const amount = fc.double({ min: 1e-3, max: 1e6, noNaN: true });

it('gives the bits of the whole formula where fees and slippage are relative only', () => {
  fc.assert(
    fc.property(fc.record({ relative: fraction, maker: fraction }), fraction, amount, amount, (fees, slippage, price, units) => {
      const account = { fees, slippage: { relative: slippage } };
      // Nobody pays such a fee: it only asks for the formula that keeps to a maximum.
      const limited = { ...account, fees: { ...fees, maximum: 1e12 } };
      const [short, whole] = [account, limited].map((spec) => {
        const parsed = AccountSpec.parse(spec);
        return createCosts(parsed, plainInstrument(parsed));
      });
      for (const side of [1, -1]) expect(short!.fillPrice(price, side)).toBe(whole!.fillPrice(price, side));
      for (const isMaker of [true, false]) expect(short!.fee(-units, price, 1.25, isMaker)).toBe(whole!.fee(-units, price, 1.25, isMaker));
    }),
  );
});
