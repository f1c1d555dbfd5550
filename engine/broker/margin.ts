import { end, type Desk } from './desk.ts';
import { exitLot } from './execution.ts';
import { equityNow, grossNow } from './valuation.ts';
import type { Lot } from './working-order.ts';

/**
 * At the close of a bar: while the equity is below the maintenance margin of the gross position, the lot of the greatest value is closed as
 * a whole at that close, whatever the volume. A symbol without a bar is closed at its last close.
 */
export function callMargin(desk: Desk, bar: number): void {
  const { maintenanceMargin } = desk.account;
  if (maintenanceMargin === 0 || equityNow(desk) <= 0) return;
  for (;;) {
    const gross = grossNow(desk);
    if (gross === 0 || equityNow(desk) >= maintenanceMargin * gross) return;
    exitAtClose(desk, largestLot(desk), bar, 'margin-call');
  }
}

/** Nothing is left of the equity: cancels every order and closes every lot at the close. */
export function liquidate(desk: Desk, bar: number): void {
  for (const order of desk.holdings.orders) end(desk, order, 'cancelled', 'run_ended');
  desk.holdings.target = null;
  for (const lots of desk.holdings.lots) while (lots.length > 0) exitAtClose(desk, lots[0]!, bar, 'bankrupt');
}

function exitAtClose(desk: Desk, lot: Lot, bar: number, reason: 'bankrupt' | 'margin-call'): void {
  exitLot(desk, lot, { quote: desk.market.prices[lot.symbol]!, maker: false, liveFrom: bar + 1 }, reason, true);
}

function largestLot({ holdings, market }: Desk): Lot {
  const worth = ({ units, symbol }: Lot) =>
    Math.abs(units) * market.prices[symbol]! * market.instruments[symbol]!.multiplier * market.rateOf(symbol);
  return holdings.lots.flat().reduce((largest, lot) => (worth(lot) > worth(largest) ? lot : largest));
}
