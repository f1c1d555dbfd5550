import type { AccountSpec, Sizing } from '../shared/spec.ts';
import { createCosts } from './costs.ts';
import { wholeSteps, type Instrument } from './instrument.ts';
import type { OrderSize } from './trader.ts';

/** All the money, less one rounding step: units × price must not come out above it. */
const ALL_IN = 1 - Number.EPSILON;

/** How far rounding may push the cost of an order above the buying power: a few units in the last place, no money. */
const ROUNDING = 1 + 1e-12;

/**
 * Buying power is leverage × equity less the gross value of what is held: leverage × cash for an account without positions, so that a
 * reversal is sized from the money after the close. An order costs units × price and its fee, for shorts too. `rate` converts the instrument's currency.
 */
export interface Sizer {
  /** Units that `size` comes to (`null`: as the account says), cut to whole steps; 0 or less where the money does not suffice. */
  wanted(size: OrderSize | null, power: number, price: number, rate?: number): number;
  /** Whether an entry of so many units is large enough and can be paid. */
  affords(units: number, power: number, price: number, rate?: number): boolean;
}

export function createSizer(account: AccountSpec, instrument: Instrument): Sizer {
  const { fees } = account;
  const costs = createCosts(account, instrument);
  const { multiplier, step, minimumSize } = instrument;
  const standard = orderSize(account.sizing);
  const { minimum, maximum = Infinity } = fees;

  function unitsFor(budget: number, price: number, rate: number): number {
    const unit = price * multiplier * rate;
    const units = (budget - fees.fixed) / (unit * (1 + fees.relative) + fees.perUnit);
    if (minimum === 0 && maximum === Infinity) return units;
    const fee = costs.fee(units, price, rate);
    return fee === minimum || fee === maximum ? (budget - fee) / unit : units;
  }

  return {
    wanted(size, power, price, rate = 1) {
      const wish = size ?? standard;
      if (typeof wish === 'number') return wholeSteps(wish, step);
      return wholeSteps(unitsFor('cash' in wish ? wish.cash : wish.fraction * power, price, rate), step);
    },
    affords(units, power, price, rate = 1) {
      return units > 0 && units >= minimumSize && units * price * multiplier * rate + costs.fee(units, price, rate) <= power * ROUNDING;
    },
  };
}

function orderSize(sizing: Sizing): OrderSize {
  switch (sizing.kind) {
    case 'all-in':
      return { fraction: ALL_IN };
    case 'fraction':
      return { fraction: sizing.fraction };
    case 'units':
      return sizing.units;
    case 'cash':
      return { cash: sizing.amount };
  }
}
