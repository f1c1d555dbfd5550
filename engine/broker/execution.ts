import type { OrderReason } from '../../shared/orders.ts';
import { drop, end, hasEnded, record, type Desk } from './desk.ts';
import { wholeSteps } from '../instrument.ts';
import { fitting, priceOf, roomOf, takeVolume, type Chance } from './chance.ts';
import { closeLot, openLot, SIGNAL_EXIT } from './ledger.ts';
import { isMember } from './membership.ts';
import { equityNow, freePower, GROSS, mark, unitsOf, unitValue } from './valuation.ts';
import type { Lot, WorkingOrder } from './working-order.ts';

/** What an order got from one chance. */
interface Got {
  units: number;
  /** Mean of its parts, by their units. */
  price: number;
  fee: number;
}

/**
 * Fills what can be filled of an order. Against an opposite position it first closes the oldest lots (not with `account.hedging`); an order
 * that is sized by the money closes all of them, and is then sized from the money after. Orders of its group are cancelled.
 */
export function execute(desk: Desk, order: WorkingOrder, chance: Chance): void {
  const { symbol } = order;
  if (roomOf(desk, symbol) <= 0) return; // no volume left in this bar
  desk.market.prices[symbol] = chance.quote; // what the account is worth is decided at the price of the fill
  const got: Got = { units: 0, price: NaN, fee: 0 };
  const lots = lotsAgainst(desk, order);
  const held = lots.reduce((sum, { units }) => sum + Math.abs(units), 0);
  if (order.reduceOnly && held === 0) {
    end(desk, order, 'rejected', 'nothing_to_close');
    return;
  }
  const toClose = Math.min(held, unitsToClose(desk, order, held));
  const closing = fitting(desk, symbol, toClose);
  if (closing > 0) closeOldest(desk, lots, { ...chance, order, units: closing }, got);
  const refused = closing < toClose ? 'volume' : enterRest(desk, order, chance, got);
  settle(desk, order, got, refused);
}

/** The lots that an order closes, the oldest first. */
function lotsAgainst({ holdings, account }: Desk, { symbol, side, reduceOnly, lot }: WorkingOrder): Lot[] {
  if (account.hedging && !reduceOnly) return [];
  return holdings.lots[symbol]!.filter(({ id, units }) => units * side < 0 && (lot === null || lot === id));
}

function unitsToClose(desk: Desk, order: WorkingOrder, held: number): number {
  const { size, filled, symbol } = order;
  if (typeof size === 'number') return size - filled;
  if (size === null || !order.reduceOnly) return held;
  const { step } = desk.market.instruments[symbol]!;
  return wholeSteps('fraction' in size ? size.fraction * held : size.cash / unitValue(desk, symbol), step);
}

/** Relative: what the sum of several lots may differ from its parts by. No lot and no order is left over from it. */
const ROUNDING = 1e-12;

type Closing = Chance & { order: WorkingOrder; units: number };

/** One fill, so one fee, shared out among the lots by their units. */
function closeOldest(desk: Desk, lots: readonly Lot[], closing: Closing, got: Got): void {
  const { order, quote, maker, units } = closing;
  const price = priceOf(desk, order, closing, units);
  const fee = desk.costs[order.symbol]!.fee(units, price, desk.market.rateOf(order.symbol), maker);
  const rounding = units * ROUNDING;
  let left = units;
  for (const lot of lots) {
    if (left <= rounding) break;
    const size = Math.abs(lot.units);
    const part = size - left <= rounding ? size : left;
    const signed = part === size ? lot.units : Math.sign(lot.units) * part;
    closeLot(desk, lot, { quote, price, maker, units: signed, fee: part === units ? fee : fee * (part / units), reason: SIGNAL_EXIT });
    left -= part;
  }
  book(desk, order.symbol, got, { units, price, fee });
}

function book(desk: Desk, symbol: number, got: Got, part: { units: number; price: number; fee: number }): void {
  const isSame = got.units === 0 || got.price === part.price; // a mean of equal prices would lose their last digit
  got.price = isSame ? part.price : (got.units * got.price + part.units * part.price) / (got.units + part.units);
  got.units += part.units;
  got.fee += part.fee;
  takeVolume(desk, symbol, part.units);
}

/** Opens a lot with what an order has left after closing; returns why it could not, or 'none'. */
function enterRest(desk: Desk, order: WorkingOrder, chance: Chance, got: Got): OrderReason {
  const { symbol, side, size } = order;
  if (order.reduceOnly) return 'none';
  const { step } = desk.market.instruments[symbol]!;
  const rest = typeof size === 'number' ? wholeSteps(size - order.filled - got.units, step) : null;
  if (rest !== null && rest <= got.units * ROUNDING) return 'none';
  const plan = planEntry(desk, order, chance, rest);
  if (typeof plan === 'string') return plan;
  const { units, price, fee } = plan;
  openLot(desk, { ...chance, symbol, order: order.id, units: units * side, price, fee, legs: order.legs, tag: order.tag });
  book(desk, symbol, got, { units, price, fee });
  if (units >= plan.wanted) return 'none';
  order.size = order.filled + got.units + plan.wanted - units;
  return 'volume';
}

interface Plan {
  units: number;
  price: number;
  fee: number;
  /** Units before the volume cut them. */
  wanted: number;
}

function planEntry(desk: Desk, order: WorkingOrder, chance: Chance, rest: number | null): Plan | OrderReason {
  const { symbol } = order;
  const sizer = desk.sizers[symbol]!;
  const rate = desk.market.rateOf(symbol);
  const power = freePower(desk);
  const unitsAt = (price: number) => rest ?? sizer.wanted(order.size, power, price, rate);
  // The price falls back with the size (impact), and the size with the price: sized twice, the second time at the worse price.
  const first = unitsAt(priceOf(desk, order, chance, 0));
  const sized = Math.min(first, unitsAt(priceOf(desk, order, chance, fitting(desk, symbol, first))));
  // What rounding left of the money buys nothing.
  const wanted = rest === null && sized * unitValue(desk, symbol) <= ROUNDING * equityNow(desk) ? 0 : sized;
  const units = fitting(desk, symbol, wanted);
  const price = priceOf(desk, order, chance, units);
  const refused = refusal(desk, order, { units, wanted, price, power });
  if (refused !== 'none') return refused;
  return { units, price, wanted, fee: desk.costs[symbol]!.fee(units, price, rate, chance.maker) };
}

/** Why an entry cannot be, or 'none'. */
function refusal(desk: Desk, order: WorkingOrder, plan: Omit<Plan, 'fee'> & { power: number }): OrderReason {
  const { symbol } = order;
  const { units, wanted, price, power } = plan;
  if (!isMember(desk, symbol, desk.market.times[desk.bar]!)) return 'not_a_member';
  const noMoney = desk.account.leverage > 1 ? 'margin' : 'no_money';
  if (!(wanted > 0)) return typeof order.size === 'number' ? 'below_lot' : noMoney;
  if (units <= 0) return 'volume';
  if (wanted < desk.market.instruments[symbol]!.minimumSize) return 'below_lot';
  if (
    !desk.sizers[symbol]!.affords(Math.max(units, desk.market.instruments[symbol]!.minimumSize), power, price, desk.market.rateOf(symbol))
  )
    return noMoney;
  return limitOf(desk, symbol, units * order.side);
}

/** Which limit of the account an entry of so many units (signed) would break, or 'none'. Valued at the prices of the moment. */
function limitOf(desk: Desk, symbol: number, units: number): OrderReason {
  const { position, exposure } = desk.account.limits;
  if (position === undefined && exposure === undefined) return 'none';
  const each = unitValue(desk, symbol);
  const equity = equityNow(desk);
  if (position !== undefined && Math.abs(unitsOf(desk, symbol) + units) * each > position * equity) return 'position_limit';
  if (exposure !== undefined && mark(desk)[GROSS]! + Math.abs(units) * each > exposure * equity) return 'exposure_limit';
  return 'none';
}

/** Writes down what became of the order, and ends it unless it waits for volume. */
function settle(desk: Desk, order: WorkingOrder, got: Got, reason: OrderReason): void {
  const waits = reason === 'volume';
  if (got.units === 0) {
    if (!waits) end(desk, order, 'rejected', reason);
    return;
  }
  order.filled += got.units;
  const isFilled = reason === 'none';
  const size = typeof order.size === 'number' ? order.size : isFilled ? order.filled : null;
  record(desk, order, {
    status: isFilled ? 'filled' : 'partially-filled',
    reason,
    size,
    filledSize: got.units,
    filledPrice: got.price,
    fee: got.fee,
  });
  if (waits) order.triggered = true;
  else drop(desk, order);
  cancelGroup(desk, order);
}

/** A group's first fill cancels the others. */
function cancelGroup(desk: Desk, filled: WorkingOrder): void {
  if (filled.oco === null) return;
  for (const order of desk.holdings.orders) {
    if (order !== filled && order.oco === filled.oco && !hasEnded(order)) end(desk, order, 'cancelled', 'oco');
  }
}
