import type { AccountSpec } from '../shared/spec.ts';

export interface Costs {
  /** The price a market order gets: slippage moves it against the trader, whatever the side. `side` is 1 for a buy, -1 for a sale. */
  fillPrice(price: number, side: number): number;
  /** Fee of one fill in account currency: relative to the traded money at the fill price, plus the fixed amount. */
  fee(units: number, price: number): number;
}

export function createCosts({ fees, slippage }: AccountSpec): Costs {
  return {
    fillPrice: (price, side) => price * (1 + side * slippage.relative),
    fee: (units, price) => fees.relative * Math.abs(units) * price + fees.fixed,
  };
}
