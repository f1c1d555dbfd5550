import { wholeSteps } from '../instrument.ts';
import type { Desk } from './desk.ts';
import type { WorkingOrder } from './working-order.ts';

/** A price at which an order can be filled now. */
export interface Chance {
  quote: number;
  /** The order waited for this price in the market: it pays the maker's fee and neither spread nor slippage. */
  maker: boolean;
  /** First bar that a lot opened now is held through as a whole. */
  liveFrom: number;
}

/** Units that the fills of the bar may still take of its volume. */
export function roomOf({ account, market, holdings }: Desk, symbol: number): number {
  const { maxVolumeShare } = account.slippage;
  if (maxVolumeShare === undefined) return Infinity;
  return maxVolumeShare * market.bars[symbol]!.volume[market.rows[symbol]!]! - holdings.taken[symbol]!;
}

/** How much of so many units the bar's volume has room for. */
export function fitting(desk: Desk, symbol: number, units: number): number {
  const room = roomOf(desk, symbol);
  return units <= room ? units : wholeSteps(room, desk.market.instruments[symbol]!.step);
}

/** Books a fill against the volume of its bar. */
export function takeVolume({ account, holdings }: Desk, symbol: number, units: number): void {
  if (account.slippage.maxVolumeShare !== undefined) holdings.taken[symbol]! += units;
}

/**
 * A taker pays half the spread and the slippage, though never more than its limit; a maker gets the quote. `units` decide on the share of the bar's volume.
 */
export function priceOf(
  desk: Desk,
  order: Pick<WorkingOrder, 'symbol' | 'side' | 'limit'>,
  { quote, maker }: Pick<Chance, 'quote' | 'maker'>,
  units: number,
): number {
  if (maker) return quote;
  const { symbol, side, limit } = order;
  const price = desk.costs[symbol]!.fillPrice(quote, side, shareOfVolume(desk, symbol, units));
  if (limit === null) return price;
  return side > 0 ? Math.min(price, limit) : Math.max(price, limit);
}

function shareOfVolume({ market }: Desk, symbol: number, units: number): number {
  const volume = market.bars[symbol]!.volume[market.rows[symbol]!]!;
  return volume > 0 ? units / volume : 0;
}
