import type { AccountSpec, Sizing } from '../shared/spec.ts';

/** All the money, less one rounding step: units × price must not come out above it. */
const ALL_IN = 1 - Number.EPSILON;

/** How far rounding may push the cost of an order above the buying power: a few units in the last place, no money. */
const ROUNDING = 1 + 1e-12;

/** Units (> 0) that an entry at `price` buys or sells short with `money` in the account, 0 where there is not enough for the order. */
export type SizeOrder = (money: number, price: number) => number;

/**
 * Sizes from the money after any close. Buying power is leverage × money; an order costs units × price × (1 + relative fee) + fixed fee
 * of it, for shorts too. `all-in` and `fraction` spend that share of the buying power, `cash` spends its amount, fees included.
 */
export function createSizing(account: AccountSpec): SizeOrder {
  const { fees, fractional, leverage, sizing } = account;
  const share = shareOf(sizing);
  return (money, price) => {
    const power = leverage * money;
    const wanted = sizing.kind === 'units' ? sizing.units : (budgetOf(sizing, share * power) - fees.fixed) / (price * (1 + fees.relative));
    const units = fractional ? wanted : Math.floor(wanted);
    const cost = units * price * (1 + fees.relative) + fees.fixed;
    return units > 0 && cost <= power * ROUNDING ? units : 0;
  };
}

function shareOf(sizing: Sizing): number {
  return sizing.kind === 'fraction' ? sizing.fraction : ALL_IN;
}

function budgetOf(sizing: Sizing, shareOfPower: number): number {
  return sizing.kind === 'cash' ? sizing.amount : shareOfPower;
}
