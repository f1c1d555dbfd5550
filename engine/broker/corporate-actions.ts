import type { Bars, CorporateActions } from '../../shared/bars.ts';
import type { Desk } from './desk.ts';
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
    if (dividend !== 0) payDividend(desk, s, dividend, ratio);
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

/** Units times the ratio, prices by it, of lots and of resting orders. A fraction of a unit that it leaves stays in the lot. */
function applySplit({ holdings }: Desk, symbol: number, ratio: number): void {
  for (const lot of holdings.lots[symbol]!) rescaleLot(lot, ratio);
  for (const order of holdings.orders) if (order.symbol === symbol) rescaleOrder(order, ratio);
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

/**
 * Pays `amount` a unit in cash to longs, out of the pocket of shorts. Reinvested, it buys units at the close before less the dividend, the price at
 * which total-return adjustment assumes it: both then have the same total return to the last digit.
 */
function payDividend(desk: Desk, symbol: number, amount: number, ratio: number): void {
  const { holdings, market, account } = desk;
  const { multiplier } = market.instruments[symbol]!;
  const money = amount * multiplier * market.rateOf(symbol);
  const previous = market.bars[symbol]!.close[market.rows[symbol]! - 1]! / ratio;
  const reinvests = account.dividends === 'reinvest' && previous > amount;
  for (const lot of holdings.lots[symbol]!) {
    holdings.totals.dividends += lot.units * money;
    if (reinvests) {
      const growth = previous / (previous - amount);
      lot.units *= growth;
      lot.entryPrice /= growth;
    } else {
      lot.income += lot.units * money;
      holdings.cash += lot.units * money;
    }
  }
}
