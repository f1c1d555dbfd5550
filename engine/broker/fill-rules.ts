import type { Lot, Trail, WorkingOrder } from './working-order.ts';

/**
 * Where in a bar orders fill. A bar tells four prices and not their order, except that the open comes first and the close last; what is
 * not certain is decided against the trader. NaN stands for "not in this bar".
 */

/** An order that is now a market order: given as one, or a stop that volume left a part of. */
function isMarket({ type, triggered }: WorkingOrder): boolean {
  return type === 'market' || (triggered && (type === 'stop' || type === 'trailing-stop'));
}

/** The price at which a resting order fires; for a trailing stop its distance from the best price of completed bars. NaN without one. */
function stopOf({ side, stop, trail, best }: WorkingOrder): number {
  if (trail === null || best === null) return stop ?? NaN;
  return trailLevel(trail, best, side);
}

/** A stop that sells (`side` -1) lies below the best price, one that buys above it. */
function trailLevel({ percent, amount }: Trail, best: number, side: number): number {
  return best * (1 + side * percent) + side * amount;
}

/**
 * The price at an open, or at a close that the order waits for. A stop that the open has jumped over fires there and fills at the open, the
 * worse price; a limit that it has jumped over fills at the open, the better one. Marks a stop-limit whose stop has fired.
 */
export function priceAtOnce(order: WorkingOrder, price: number): number {
  if (isMarket(order)) return price;
  if (order.type === 'limit') return reaches(price, order.limit!, order.side) ? price : NaN;
  if (!order.triggered && !isBeyond(price, stopOf(order), order.side)) return NaN;
  if (order.type !== 'stop-limit') return price;
  order.triggered = true;
  return reaches(price, order.limit!, order.side) ? price : NaN;
}

/**
 * The price within a bar whose open did not fill the order. A stop-limit needs its stop first: once the stop is touched it fills at the stop's
 * price where its limit allows that; a limit on the far side of the stop may have been touched before the stop, so it does not fill in the bar
 * in which the stop fires.
 */
export function priceWithin(order: WorkingOrder, open: number, high: number, low: number): number {
  const { side, type, triggered } = order;
  if (isMarket(order)) return NaN;
  const worst = side > 0 ? high : low;
  const best = side > 0 ? low : high;
  if (type === 'limit' || triggered) return reaches(best, order.limit!, side) ? better(open, order.limit!, side) : NaN;
  const stop = stopOf(order);
  if (!isBeyond(worst, stop, side)) return NaN;
  const price = side > 0 ? Math.max(open, stop) : Math.min(open, stop);
  if (type !== 'stop-limit') return price;
  order.triggered = true;
  return reaches(price, order.limit!, side) ? price : NaN;
}

/** A price at or better than a limit: below it for a buy. */
function reaches(price: number, limit: number, side: number): boolean {
  return side > 0 ? price <= limit : price >= limit;
}

/** A price at or beyond a stop: above it for a buy. False for NaN. */
function isBeyond(price: number, stop: number, side: number): boolean {
  return side > 0 ? price >= stop : price <= stop;
}

function better(open: number, limit: number, side: number): number {
  return side > 0 ? Math.min(open, limit) : Math.max(open, limit);
}

/** Where a lot is stopped out: the tighter of stop-loss and trailing stop. NaN without either. */
export function stopLevelOf({ units, stopLoss, trail, best }: Lot): number {
  if (trail === null) return stopLoss ?? NaN;
  const level = trailLevel(trail, best, units > 0 ? -1 : 1);
  if (stopLoss === null) return level;
  return units > 0 ? Math.max(stopLoss, level) : Math.min(stopLoss, level);
}

/** Which of the two that was. */
export function stopReasonOf(lot: Lot): 'stop-loss' | 'trailing-stop' {
  return lot.trail === null || stopLevelOf(lot) === lot.stopLoss ? 'stop-loss' : 'trailing-stop';
}
