import { EXIT_REASONS } from '../../shared/run.ts';
import { clearEnded, end, hasEnded, type Desk } from './desk.ts';
import { execute } from './execution.ts';
import { exitLot, type OwnReason } from './exit-lot.ts';
import { priceAtOnce, priceWithin, stopLevelOf, stopReasonOf } from './fill-rules.ts';
import { rebalance } from './rebalance.ts';
import { touch } from '../position.ts';
import type { FillTime, Lot, WorkingOrder } from './working-order.ts';

/**
 * Fills what was decided at the close that it was decided on (`same-close`): the market still shows the closes of the bar before `bar`, and the
 * fill is booked there; in the equity it shows from `bar` on.
 */
export function fillAtDecision(desk: Desk, bar: number): void {
  if (desk.account.fill !== 'same-close') return;
  desk.bar = bar - 1;
  fillAtOnce(desk, bar, 'decision');
  clearEnded(desk);
}

/**
 * Fills at the opens of `bar`: first what closes positions by an order, then what a gap carries over the legs of brackets, then the rest in the order
 * given. So a market close comes before any stop-loss of the bar, and its money can be used at once.
 */
export function fillAtOpen(desk: Desk, bar: number): void {
  desk.bar = bar;
  eachLot(desk, bar, exitLeftover);
  fillAtOnce(desk, bar, 'open');
  clearEnded(desk);
}

/** Fills at the closes of the bar what waits for a close. */
export function fillAtClose(desk: Desk, bar: number): void {
  fillAtOnce(desk, bar + 1, 'close');
  clearEnded(desk);
}

/** `liveFrom`: the first bar that a lot opened now is held through as a whole. */
function fillAtOnce(desk: Desk, liveFrom: number, when: FillTime): void {
  const { orders, target } = desk.holdings;
  for (let i = 0; i < orders.length; i++) if (isReducing(desk, orders[i]!)) tryAtOnce(desk, orders[i]!, liveFrom, when);
  if (when === 'open') eachLot(desk, liveFrom, exitAtGap);
  for (let i = 0; i < orders.length; i++) tryAtOnce(desk, orders[i]!, liveFrom, when);
  if (target !== null && when === marketTime(desk)) rebalance(desk, target, liveFrom);
}

/** The moment at which market orders fill. */
export function marketTime({ account }: Pick<Desk, 'account'>): FillTime {
  return account.fill === 'next-open' ? 'open' : account.fill === 'next-close' ? 'close' : 'decision';
}

function isReducing({ holdings, account }: Desk, { reduceOnly, symbol, side }: WorkingOrder): boolean {
  if (reduceOnly) return true;
  const first = holdings.lots[symbol]![0];
  return !account.hedging && first !== undefined && first.units * side < 0;
}

function tryAtOnce(desk: Desk, order: WorkingOrder, liveFrom: number, when: FillTime): void {
  const { symbol } = order;
  const isDue = order.when === when || (order.when === 'any' && when === 'open');
  if (hasEnded(order) || !isDue || desk.market.trades[symbol] === 0) return;
  // A limit order that its first open fills never rested; nor has a stop-limit whose stop fires just now.
  const maker = order.rested && (order.type === 'limit' || (order.type === 'stop-limit' && order.triggered));
  const quote = priceAtOnce(order, desk.market.prices[symbol]!);
  if (quote > 0) execute(desk, order, { quote, maker, liveFrom });
  else if (order.when !== 'any') end(desk, order, 'expired', 'outside_bar');
}

/** What is left of a lot whose stop was touched when the volume ran out. */
function exitLeftover(lot: Lot, desk: Desk): void {
  if (lot.exiting !== null) exitLot(desk, lot, desk.market.prices[lot.symbol]!, EXIT_REASONS[lot.exiting] as OwnReason);
}

/** A gap over a leg of a bracket fills at the open: worse than the stop, better than the target. */
function exitAtGap(lot: Lot, desk: Desk): void {
  const open = desk.market.prices[lot.symbol]!;
  const stop = stopLevelOf(lot);
  const isLong = lot.units > 0;
  if (isLong ? open <= stop : open >= stop) exitLot(desk, lot, open, stopReasonOf(lot));
  else if (lot.takeProfit !== null && (isLong ? open >= lot.takeProfit : open <= lot.takeProfit)) {
    exitLot(desk, lot, open, 'take-profit');
  }
}

/** Calls `visit` for the lots whose symbol has a bar and that are held through `bar` as a whole; a visit may close its lot. */
function eachLot(desk: Desk, bar: number, visit: (lot: Lot, desk: Desk) => void): void {
  const { lots } = desk.holdings;
  for (let s = 0; s < lots.length; s++) {
    if (desk.market.trades[s] === 0) continue;
    const own = lots[s]!;
    for (let i = 0; i < own.length;) {
      const lot = own[i]!;
      if (lot.liveFrom <= bar) visit(lot, desk);
      if (own[i] === lot) i++;
    }
  }
}

/**
 * Fills within the bar, stops before targets and before limit orders: where one bar touches both, the worse is assumed to have come first. What
 * is entered here has its bracket from the next bar on, since the bar's extremes may have come before the entry.
 */
export function fillWithinBar(desk: Desk, bar: number): void {
  eachLot(desk, bar, exitAtStop);
  eachLot(desk, bar, exitAtTarget);
  const { orders } = desk.holdings;
  const limits = orders.filter(isLimit);
  for (let i = 0; i < orders.length; i++) if (!isLimit(orders[i]!)) tryWithin(desk, orders[i]!, bar);
  for (const order of limits) tryWithin(desk, order, bar);
  clearEnded(desk);
}

/** A stop-limit whose stop has fired before is one, too. */
function isLimit({ type, triggered }: WorkingOrder): boolean {
  return type === 'limit' || (type === 'stop-limit' && triggered);
}

function exitAtStop(lot: Lot, desk: Desk): void {
  const stop = stopLevelOf(lot);
  const row = desk.market.rows[lot.symbol]!;
  const { open, high, low } = desk.market.bars[lot.symbol]!;
  const isLong = lot.units > 0;
  if (!(isLong ? low[row]! <= stop : high[row]! >= stop)) return;
  const quote = isLong ? Math.min(open[row]!, stop) : Math.max(open[row]!, stop);
  exitLot(desk, lot, quote, stopReasonOf(lot));
}

function exitAtTarget(lot: Lot, desk: Desk): void {
  const { takeProfit } = lot;
  const row = desk.market.rows[lot.symbol]!;
  const { open, high, low } = desk.market.bars[lot.symbol]!;
  const isLong = lot.units > 0;
  if (takeProfit === null || !(isLong ? high[row]! >= takeProfit : low[row]! <= takeProfit)) return;
  const quote = isLong ? Math.max(open[row]!, takeProfit) : Math.min(open[row]!, takeProfit);
  exitLot(desk, lot, quote, 'take-profit');
}

function tryWithin(desk: Desk, order: WorkingOrder, bar: number): void {
  const { symbol, side, when } = order;
  if (hasEnded(order) || when !== 'any' || desk.market.trades[symbol] === 0) return;
  const row = desk.market.rows[symbol]!;
  const { open, high, low, close } = desk.market.bars[symbol]!;
  const maker = order.type === 'limit' || order.triggered;
  const quote = priceWithin(order, open[row]!, high[row]!, low[row]!);
  if (!(quote > 0)) return;
  const { nextLot } = desk.holdings;
  execute(desk, order, { quote, maker, liveFrom: bar + 1 });
  const entered = desk.holdings.lots[symbol]!.find(({ id }) => id === nextLot);
  if (entered === undefined) return;
  // The price went on in the direction in which it came to the order, so that extreme belongs to the lot; the other may have come before.
  const wasFalling = (order.type === 'limit') === side > 0;
  touch(entered, wasFalling ? low[row]! : high[row]!);
  touch(entered, close[row]!);
}
