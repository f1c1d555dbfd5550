import { end, type Desk } from './desk.ts';
import { exitLot } from './exit-lot.ts';
import { equityNow, GROSS, mark, NET } from './valuation.ts';
import type { Lot } from './working-order.ts';

/**
 * At the close of a bar: while the equity is below the maintenance margin of the gross position, the lot of the greatest value is closed as
 * a whole at that close, whatever the volume. A symbol without a bar is closed at its last close.
 */
export function callMargin(desk: Desk): void {
  const { maintenanceMargin } = desk.account;
  if (maintenanceMargin === 0 || equityNow(desk) <= 0) return;
  for (;;) {
    const marks = mark(desk);
    const gross = marks[GROSS]!;
    if (gross === 0 || desk.holdings.cash + marks[NET]! >= maintenanceMargin * gross) return;
    exitAtClose(desk, largestLot(desk), 'margin-call');
  }
}

/** Nothing is left of the equity: cancels every order and closes every lot at the close. */
export function liquidate(desk: Desk): void {
  for (const order of desk.holdings.orders) end(desk, order, 'cancelled', 'run_ended');
  desk.holdings.target = null;
  for (const lots of desk.holdings.lots) while (lots.length > 0) exitAtClose(desk, lots[0]!, 'bankrupt');
}

function exitAtClose(desk: Desk, lot: Lot, reason: 'bankrupt' | 'margin-call'): void {
  exitLot(desk, lot, desk.market.prices[lot.symbol]!, reason);
}

function largestLot({ holdings, market }: Desk): Lot {
  const worth = ({ units, symbol }: Lot) =>
    Math.abs(units) * market.prices[symbol]! * market.instruments[symbol]!.multiplier * market.rateOf(symbol);
  return holdings.lots.flat().reduce((largest, lot) => (worth(lot) > worth(largest) ? lot : largest));
}
