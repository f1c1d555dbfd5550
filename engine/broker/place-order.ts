import type { OrderReason, OrderType } from '../../shared/orders.ts';
import { record, type Desk } from './desk.ts';
import { marketTime } from './broker.ts';
import { onTick, wholeSteps } from '../instrument.ts';
import { trailOf } from './ledger.ts';
import type { Level, OrderRequest, OrderSize } from '../trader.ts';
import { newOrder, type FillTime, type Legs, type WorkingOrder } from './working-order.ts';

/** Takes an order in, or writes down why not; returns its number. */
export function placeOrder(desk: Desk, request: OrderRequest, symbol: number): number {
  const { holdings } = desk;
  const id = holdings.nextOrder++;
  const type = request.type ?? typeOf(request);
  const side = request.side === 'buy' ? 1 : -1;
  const named = { id, symbol, type, side, limit: request.limit ?? null, stop: request.stop ?? null } as const;
  const refused = symbol < 0 ? 'unknown_symbol' : refusal(desk, request, symbol, type);
  if (refused !== 'none') {
    const price = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);
    record(
      desk,
      { ...named, limit: price(named.limit), stop: price(named.stop) },
      { status: 'rejected', reason: refused, size: sizeOf(request.size) },
    );
    return id;
  }
  holdings.orders.push(workingOrder(desk, request, named));
  return id;
}

function typeOf({ limit, stop, trail }: OrderRequest): OrderType {
  if (trail !== undefined) return 'trailing-stop';
  if (stop !== undefined) return limit === undefined ? 'stop' : 'stop-limit';
  return limit === undefined ? 'market' : 'limit';
}

function sizeOf(size: OrderSize | undefined): number | null {
  return typeof size === 'number' && Number.isFinite(size) ? size : null;
}

function workingOrder(
  desk: Desk,
  request: OrderRequest,
  named: Pick<WorkingOrder, 'id' | 'symbol' | 'type' | 'side' | 'limit' | 'stop'>,
): WorkingOrder {
  const { symbol, side, type } = named;
  const { tickSize, step } = desk.market.instruments[symbol]!;
  const { until = 'cancelled', size = null } = request;
  return newOrder({
    ...named,
    when: fillTime(desk, request, type),
    size: typeof size === 'number' ? wholeSteps(size, step) : size,
    // A limit is rounded to where it is harder to reach, a stop to where it is reached later and at a worse price.
    limit: named.limit === null ? null : onTick(named.limit, tickSize, -side),
    stop: named.stop === null ? null : onTick(named.stop, tickSize, side),
    trail: request.trail === undefined ? null : trailOf(request.trail),
    best: request.trail === undefined ? null : desk.market.prices[symbol]!,
    legs: legsOf(request),
    reduceOnly: request.reduceOnly ?? false,
    lot: request.lot ?? null,
    oco: request.oco ?? null,
    tag: tagCode(desk, request.tag ?? ''),
    placedBar: desk.bar,
    barsLeft: typeof until === 'object' ? until.bars : null,
    dayOnly: until === 'day',
  });
}

function fillTime(desk: Desk, { at }: OrderRequest, type: OrderType): FillTime {
  if (at !== undefined) return at;
  return type === 'market' ? marketTime(desk) : 'any';
}

function legsOf({ stopLoss, takeProfit, trailingStop }: OrderRequest): Legs | null {
  if (stopLoss === undefined && takeProfit === undefined && trailingStop === undefined) return null;
  return { stopLoss: stopLoss ?? null, takeProfit: takeProfit ?? null, trail: trailingStop === undefined ? null : trailOf(trailingStop) };
}

function tagCode({ holdings }: Desk, tag: string): number {
  const known = holdings.tags.indexOf(tag);
  return known >= 0 ? known : holdings.tags.push(tag) - 1;
}

function refusal(desk: Desk, request: OrderRequest, symbol: number, type: OrderType): OrderReason {
  const instrument = desk.market.instruments[symbol]!;
  if (!instrument.tradable) return 'not_tradable';
  if (!isSize(request.size)) return 'bad_size';
  if (!hasPrices(request, type) || !isLife(request)) return 'bad_price';
  if (typeof request.size === 'number' && !(wholeSteps(request.size, instrument.step) > 0)) return 'below_lot';
  if (type === 'trailing-stop' && !(desk.market.prices[symbol]! > 0)) return 'bad_price';
  return isBracket(request) ? 'none' : 'bad_bracket';
}

function isSize(size: OrderSize | undefined): boolean {
  if (size === undefined) return true;
  if (typeof size === 'number') return isPositive(size);
  return 'fraction' in size ? isPositive(size.fraction) && size.fraction <= 1 : isPositive(size.cash);
}

/** Exactly the prices that the type needs. */
function hasPrices({ limit, stop, trail, at }: OrderRequest, type: OrderType): boolean {
  const needsLimit = type === 'limit' || type === 'stop-limit';
  const needsStop = type === 'stop' || type === 'stop-limit';
  if (needsLimit !== isPositive(limit) || needsStop !== isPositive(stop)) return false;
  if ((limit !== undefined && !needsLimit) || (stop !== undefined && !needsStop)) return false;
  if (at !== undefined && type !== 'market' && type !== 'limit') return false;
  return (type === 'trailing-stop') === (trail !== undefined) && (trail === undefined || isDistance(trail));
}

function isLife({ until }: OrderRequest): boolean {
  return typeof until !== 'object' || (Number.isInteger(until.bars) && until.bars > 0);
}

function isBracket({ side, stopLoss, takeProfit, trailingStop }: OrderRequest): boolean {
  if (!isLevel(stopLoss) || !isLevel(takeProfit) || (trailingStop !== undefined && !isDistance(trailingStop))) return false;
  if (typeof stopLoss !== 'number' || typeof takeProfit !== 'number') return true;
  return side === 'buy' ? stopLoss < takeProfit : stopLoss > takeProfit;
}

export function isLevel(level: Level | null | undefined): boolean {
  if (level === undefined || level === null) return true;
  return typeof level === 'number' ? isPositive(level) : isDistance(level);
}

export function isDistance(distance: Exclude<Level, number>): boolean {
  return 'percent' in distance ? isPositive(distance.percent) && distance.percent < 1 : isPositive(distance.amount);
}

function isPositive(value: number | undefined): boolean {
  return value !== undefined && value > 0 && value < Infinity;
}
