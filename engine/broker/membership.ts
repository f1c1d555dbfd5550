import { end, type Desk } from './desk.ts';
import { exitLot } from './exit-lot.ts';

/** Whether a symbol may be held at a time; always, where its bars do not say when. */
export function isMember({ market }: Pick<Desk, 'market'>, symbol: number, time: number): boolean {
  const { membership } = market.bars[symbol]!;
  if (membership === undefined) return true;
  const { from, to } = membership;
  let low = 0;
  let high = from.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (from[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low > 0 && time < to[low - 1]!;
}

/**
 * At the opens: what is held of a symbol that is no member any more is closed, whatever the volume, and its resting orders are cancelled. A symbol without a
 * bar, such as a share that is not listed any more, is closed at its last close.
 */
export function leaveUniverse(desk: Desk): void {
  const { holdings, market, bar } = desk;
  const now = market.times[bar]!;
  for (let s = 0; s < market.bars.length; s++) {
    const lots = holdings.lots[s]!;
    if (lots.length === 0 || isMember(desk, s, now)) continue;
    for (const order of holdings.orders) if (order.symbol === s) end(desk, order, 'cancelled', 'not_a_member');
    while (lots.length > 0) exitLot(desk, lots[0]!, market.prices[s]!, 'universe');
  }
}
