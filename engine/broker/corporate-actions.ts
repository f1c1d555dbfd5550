import type { Bars, CorporateActions } from '../../shared/bars.ts';
import { wholeSteps } from '../instrument.ts';
import { end, hasEnded, type Desk } from './desk.ts';
import type { Lot, WorkingOrder } from './working-order.ts';

/**
 * Applies the splits and dividends that take effect before the bar of each symbol that trades now, to what was held at the close before. A
 * split of the same day comes first, as exchanges quote dividends for a share of after it.
 */
export function applyActions(desk: Desk): void {
  const { bars, trades, rows } = desk.market;
  for (let s = 0; s < bars.length; s++) {
    const { actions } = bars[s]!;
    if (actions === undefined || trades[s] === 0 || rows[s]! < 1) continue;
    const ratio = splitRatio(bars[s]!, actions, rows[s]!);
    if (ratio !== 1) applySplit(desk, s, ratio);
    const dividend = sumDue(bars[s]!, actions.dividends.ts, actions.dividends.amount, rows[s]!);
    if (dividend !== 0) payDividend(desk, s, dividend);
  }
}

/** Positions of the actions after the bar before `row` and not after it. */
function firstDue(ts: Float64Array, after: number): number {
  let low = 0;
  let high = ts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ts[middle]! <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}

function splitRatio({ ts }: Bars, { splits }: CorporateActions, row: number): number {
  let ratio = 1;
  for (let i = firstDue(splits.ts, ts[row - 1]!); i < splits.ts.length && splits.ts[i]! <= ts[row]!; i++) ratio *= splits.ratio[i]!;
  return ratio;
}

function sumDue({ ts }: Bars, times: Float64Array, amounts: Float64Array, row: number): number {
  let sum = 0;
  for (let i = firstDue(times, ts[row - 1]!); i < times.length && times[i]! <= ts[row]!; i++) sum += amounts[i]!;
  return sum;
}

/** Units times the ratio, prices by it, of lots and of resting orders. A fraction of a step that it leaves stays in the lot, and is cut off an entry. */
function applySplit(desk: Desk, symbol: number, ratio: number): void {
  const { holdings, market } = desk;
  const { step } = market.instruments[symbol]!;
  for (const lot of holdings.lots[symbol]!) rescaleLot(lot, ratio);
  for (const order of holdings.orders) {
    if (order.symbol !== symbol || hasEnded(order)) continue;
    rescaleOrder(order, ratio);
    if (typeof order.size !== 'number' || order.reduceOnly) continue;
    order.size = order.filled + wholeSteps(order.size - order.filled, step);
    if (order.size <= order.filled) end(desk, order, 'rejected', 'below_lot');
  }
}

function rescaleLot(lot: Lot, ratio: number): void {
  lot.units *= ratio;
  lot.entryPrice /= ratio;
  lot.high /= ratio;
  lot.low /= ratio;
  lot.best /= ratio;
  if (lot.stopLoss !== null) lot.stopLoss /= ratio;
  if (lot.takeProfit !== null) lot.takeProfit /= ratio;
  if (lot.trail !== null) lot.trail = { ...lot.trail, amount: lot.trail.amount / ratio };
}

function rescaleOrder(order: WorkingOrder, ratio: number): void {
  if (typeof order.size === 'number') order.size *= ratio;
  order.filled *= ratio;
  if (order.limit !== null) order.limit /= ratio;
  if (order.stop !== null) order.stop /= ratio;
  if (order.best !== null) order.best /= ratio;
  if (order.trail !== null) order.trail = { ...order.trail, amount: order.trail.amount / ratio };
  if (order.legs === null) return;
  const { stopLoss, takeProfit, trail } = order.legs;
  order.legs = {
    stopLoss: rescaleLevel(stopLoss, ratio),
    takeProfit: rescaleLevel(takeProfit, ratio),
    trail: trail && { ...trail, amount: trail.amount / ratio },
  };
}

function rescaleLevel(level: NonNullable<WorkingOrder['legs']>['stopLoss'], ratio: number) {
  if (level === null) return null;
  if (typeof level === 'number') return level / ratio;
  return 'amount' in level ? { amount: level.amount / ratio } : level;
}

/** Pays `amount` a unit in cash to longs, out of the pocket of shorts. */
function payDividend(desk: Desk, symbol: number, amount: number): void {
  const { holdings } = desk;
  const money = moneyOf(desk, symbol, amount);
  for (const lot of holdings.lots[symbol]!) {
    const paid = lot.units * money;
    holdings.totals.dividends += paid;
    holdings.cash += paid;
    lot.income += paid;
  }
}

/**
 * At the close of an ex date: what is left of the lots that were paid buys units with its dividend, without costs. The close is the price at which
 * a total-return index assumes it, so raw and adjusted prices have the same total return. A lot that was sold at the open keeps the cash.
 */
export function reinvestDividends(desk: Desk): void {
  const { bars, trades, rows, prices } = desk.market;
  for (let s = 0; s < bars.length; s++) {
    const { actions } = bars[s]!;
    if (actions === undefined || trades[s] === 0 || rows[s]! < 1) continue;
    const dividend = sumDue(bars[s]!, actions.dividends.ts, actions.dividends.amount, rows[s]!);
    if (dividend !== 0) reinvest(desk, s, dividend, 1 + dividend / prices[s]!);
  }
}

function reinvest(desk: Desk, symbol: number, amount: number, growth: number): void {
  const money = moneyOf(desk, symbol, amount);
  for (const lot of desk.holdings.lots[symbol]!) {
    if (lot.entryBar >= desk.bar) continue; // bought without the dividend
    const spent = lot.units * money;
    desk.holdings.cash -= spent;
    lot.income -= spent;
    lot.units *= growth;
    lot.entryPrice /= growth;
  }
}

/** Account currency for an amount a unit. */
function moneyOf({ market }: Desk, symbol: number, amount: number): number {
  return amount * market.instruments[symbol]!.multiplier * market.rateOf(symbol);
}
