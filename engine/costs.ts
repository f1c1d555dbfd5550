import type { AccountSpec } from '../shared/spec.ts';
import { onTick, type Instrument } from './instrument.ts';

export interface Costs {
  /**
   * The price a market or stop order gets: half the spread and the slippage move it against the trader, then it is rounded to a tick, against
   * the trader too. `side` is 1 for a buy, -1 for a sale; `share` is the order's part of the volume of its bar.
   */
  fillPrice(price: number, side: number, share?: number): number;
  /** Fee of one fill in account currency. `rate` converts the instrument's currency. */
  fee(units: number, price: number, rate?: number, maker?: boolean): number;
}

/**
 * Slippage: relative + half the spread of the price, plus ticks, times 1 + impact × share² (the square as in the volume-share model of Zipline).
 * Fee: relative to the traded money at the fill price, plus the fixed amount, plus money a unit, kept between minimum and maximum.
 */
export function createCosts({ fees, slippage, spread }: AccountSpec, { multiplier, tickSize }: Instrument): Costs {
  const relative = slippage.relative + spread / 2;
  const ticks = slippage.ticks * tickSize;
  const makerFee = fees.maker ?? fees.relative;
  const maximum = fees.maximum ?? Infinity;
  const isRelative = slippage.impact === 0 && ticks === 0 && tickSize === 0 && fees.fixed === 0 && fees.perUnit === 0;
  if (isRelative && fees.minimum === 0 && maximum === Infinity) {
    // The same operations without those that change nothing: short enough for the loops that fill to take them in, without memory for a number.
    return {
      fillPrice: (price, side) => price * (1 + side * relative),
      fee: (units, price, rate = 1, maker = false) => (maker ? makerFee : fees.relative) * Math.abs(units) * price * multiplier * rate,
    };
  }
  return {
    fillPrice(price, side, share = 0) {
      const slipped = price * (1 + side * relative) + side * ticks;
      return onTick(slipped * (1 + side * slippage.impact * share * share), tickSize, side);
    },
    fee(units, price, rate = 1, maker = false) {
      const size = Math.abs(units);
      const fee = (maker ? makerFee : fees.relative) * size * price * multiplier * rate + fees.fixed + fees.perUnit * size;
      return Math.min(Math.max(fee, fees.minimum), maximum);
    },
  };
}
