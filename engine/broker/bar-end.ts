import { clearEnded, end, type Desk } from './desk.ts';
import { localDay, type ZoneOffsets } from '../timeframes/local-time.ts';
import { touch } from '../position.ts';
import type { Lot, WorkingOrder } from './working-order.ts';

/** Day orders end when the first bar of another local day opens; their own day is that of the first bar that they could fill in. */
export function expireDayOrders(desk: Desk, zone: ZoneOffsets): void {
  const { orders } = desk.holdings;
  for (let i = 0; i < orders.length; i++) {
    const order = orders[i]!;
    if (!order.dayOnly || desk.market.trades[order.symbol] === 0) continue;
    const day = localDay(zone, desk.market.times[desk.bar]!);
    order.day ??= day;
    if (order.day !== day) end(desk, order, 'expired', 'day_over');
  }
  clearEnded(desk);
}

/** After the last fill of a bar: extremes of lots and trailing stops take the bar in, and orders that had their last bar expire. */
export function endBar(desk: Desk): void {
  const { lots, orders } = desk.holdings;
  for (let s = 0; s < lots.length; s++) {
    if (desk.market.trades[s] === 0) continue;
    const own = lots[s]!;
    for (let i = 0; i < own.length; i++) extendLot(desk, own[i]!);
  }
  for (let i = 0; i < orders.length; i++) if (desk.market.trades[orders[i]!.symbol] === 1) ageOrder(desk, orders[i]!);
  clearEnded(desk);
}

/**
 * A trailing stop follows completed bars only: the stop that a bar's low is tested against was never raised by the same bar's high. Of the bar
 * of an entry within it only the close counts, since its extremes may have come before.
 */
function extendLot(desk: Desk, lot: Lot): void {
  const { market, bar } = desk;
  const row = market.rows[lot.symbol]!;
  const { high, low, close } = market.bars[lot.symbol]!;
  const isWhole = lot.liveFrom <= bar;
  if (isWhole) {
    touch(lot, high[row]!);
    touch(lot, low[row]!);
  }
  if (lot.trail === null) return;
  const best = isWhole ? (lot.units > 0 ? high[row]! : low[row]!) : close[row]!;
  lot.best = lot.units > 0 ? Math.max(lot.best, best) : Math.min(lot.best, best);
}

function ageOrder(desk: Desk, order: WorkingOrder): void {
  const { high, low } = desk.market.bars[order.symbol]!;
  const row = desk.market.rows[order.symbol]!;
  order.rested = true;
  if (order.best !== null) order.best = order.side < 0 ? Math.max(order.best, high[row]!) : Math.min(order.best, low[row]!);
  if (order.barsLeft === null) return;
  order.barsLeft -= 1;
  if (order.barsLeft <= 0) end(desk, order, 'expired', 'bars_over');
}
