import { hasEnded, record, type Desk } from './desk.ts';
import { execute } from './execution.ts';
import { wholeSteps } from '../instrument.ts';
import { equityNow, freePower, unitsOf, unitValue } from './valuation.ts';
import { newOrder, type Target, type WorkingOrder } from './working-order.ts';

/** Differences this small (relative) are rounding, not orders. */
const NOTHING = 1e-12;

interface Change {
  symbol: number;
  weight: number;
  /** Units to buy, negative to sell. */
  units: number;
}

/**
 * Brings the symbols that have a bar to their weights: the account is valued once at the prices of the moment, sells come before buys. A buy that
 * fees or slippage have made too dear is cut to what the money allows. Symbols without a bar, or without enough volume, are left for later bars.
 */
export function rebalance(desk: Desk, target: Target, liveFrom: number): void {
  const value = equityNow(desk);
  const due = target.weights.filter(([symbol]) => desk.market.trades[symbol] === 1);
  const changes = due.map(([symbol, weight]) => changeOf(desk, symbol, weight, value));
  const waiting = target.weights.filter(([symbol]) => desk.market.trades[symbol] === 0);
  for (const change of changes) if (change.units < 0) apply(change);
  for (const change of changes) if (change.units > 0) apply(change);
  desk.holdings.target = waiting.length === 0 ? null : { ...target, weights: waiting };

  function apply({ symbol, weight, units }: Change): void {
    const held = unitsOf(desk, symbol);
    const closing = held * units < 0 ? Math.min(Math.abs(held), Math.abs(units)) : 0;
    const opening = Math.abs(units) - closing;
    // Lots of both sides may lie side by side: there, closing and opening are orders of their own.
    const parts = desk.account.hedging && closing > 0 && opening > 0 ? [closing, opening] : [closing + opening];
    for (const size of parts) {
      const order = newOrder({ id: desk.holdings.nextOrder++, symbol, side: units > 0 ? 1 : -1, size, placedBar: target.placedBar });
      order.reduceOnly = desk.account.hedging && closing > 0 && size === closing;
      if (trade(desk, order, liveFrom) === 'waits') {
        waiting.push([symbol, weight]);
        return; // what is to be opened comes after what is to be closed
      }
    }
  }
}

function changeOf(desk: Desk, symbol: number, weight: number, value: number): Change {
  const { step } = desk.market.instruments[symbol]!;
  const wanted = Math.sign(weight) * wholeSteps((Math.abs(weight) * value) / unitValue(desk, symbol), step);
  const held = unitsOf(desk, symbol);
  const units = wanted - held;
  return { symbol, weight, units: Math.abs(units) > NOTHING * Math.max(Math.abs(wanted), Math.abs(held)) ? units : 0 };
}

function trade(desk: Desk, order: WorkingOrder, liveFrom: number): 'done' | 'waits' {
  const { symbol } = order;
  const quote = desk.market.prices[symbol]!;
  order.size = Math.min(order.size as number, payable(desk, order, quote));
  if (order.size * unitValue(desk, symbol) <= NOTHING * equityNow(desk)) {
    record(desk, order, { status: 'rejected', reason: desk.account.leverage > 1 ? 'margin' : 'no_money' });
    return 'done';
  }
  execute(desk, order, { quote, maker: false, liveFrom });
  desk.market.prices[symbol] = quote;
  return hasEnded(order) ? 'done' : 'waits';
}

/** Units that the account can close and then pay for. */
function payable(desk: Desk, { symbol, side }: WorkingOrder, quote: number): number {
  const held = unitsOf(desk, symbol);
  const closing = held * side < 0 ? Math.abs(held) : 0;
  const price = desk.costs[symbol]!.fillPrice(quote, side);
  const power = freePower(desk) + closing * unitValue(desk, symbol);
  return closing + Math.max(0, desk.sizers[symbol]!.wanted({ fraction: 1 }, power, price, desk.market.rateOf(symbol)));
}
