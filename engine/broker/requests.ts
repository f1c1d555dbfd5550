import { HoldfastError } from '../../shared/errors.ts';
import type { Level, OrderRequest, TraderContext } from '../trader.ts';
import { end, record, type Desk } from './desk.ts';
import { legPrice, trailOf } from './ledger.ts';
import { isDistance, isLevel, placeOrder } from './place-order.ts';
import { unitsOf } from './valuation.ts';
import type { Lot } from './working-order.ts';

/** What a trader may ask for. Symbols that are not in the dataset are refused in the order log. */
export type Requests = Pick<TraderContext, 'order' | 'buy' | 'sell' | 'close' | 'cancel' | 'protect' | 'target'>;

export function createRequests(desk: Desk): Requests {
  const names = desk.market.bars.map(({ symbol }) => symbol);
  const indexOf = new Map(names.map((name, index) => [name, index]));

  function order(request: OrderRequest): number {
    // With several symbols an order must say which one it means.
    const only = names.length === 1 ? 0 : -1;
    return placeOrder(desk, request, request.symbol === undefined ? only : (indexOf.get(request.symbol) ?? -1));
  }

  function close({ symbol, lot: id, size, tag }: Parameters<Requests['close']>[0] = {}): number {
    const lot = id === undefined ? undefined : findLot(desk, id);
    const name = lot === undefined ? (symbol ?? (names.length === 1 ? names[0] : undefined)) : names[lot.symbol];
    const index = name === undefined ? undefined : indexOf.get(name);
    if (desk.account.hedging && lot === undefined && index !== undefined) {
      const own = desk.holdings.lots[index]!;
      // The shorts of a hedged symbol are closed by an order of their own.
      const hasBoth = own.some(({ units }) => units > 0) && own.some(({ units }) => units < 0);
      if (hasBoth) order({ symbol: name, side: 'buy', size, tag, reduceOnly: true });
      if (hasBoth) return order({ symbol: name, side: 'sell', size, tag, reduceOnly: true });
    }
    const held = lot?.units ?? (index === undefined ? 0 : unitsOf(desk, index));
    if (held === 0 && index !== undefined) return refuseClose(desk, index);
    return order({ symbol: name, side: held < 0 ? 'buy' : 'sell', size, lot: id, tag, reduceOnly: true });
  }

  function cancel(what?: number | string): void {
    const isMeant = ({ id, symbol }: { id: number; symbol: number }) =>
      what === undefined || (typeof what === 'number' ? id === what : symbol === indexOf.get(what));
    for (const each of desk.holdings.orders) if (isMeant(each)) end(desk, each, 'cancelled', 'by_strategy');
    if (what === undefined || what === desk.holdings.target?.id) desk.holdings.target = null;
  }

  return {
    order,
    buy: (request = {}) => order({ ...request, side: 'buy' }),
    sell: (request = {}) => order({ ...request, side: 'sell' }),
    close,
    cancel,
    protect: (id, bracket) => protect(desk, id, bracket),
    target: (weights) => setTarget(desk, weights, indexOf),
  };
}

/** An order that waited for its fill could close what is only entered until then. */
function refuseClose(desk: Desk, symbol: number): number {
  const id = desk.holdings.nextOrder++;
  record(desk, { id, symbol, type: 'market', side: -1, limit: null, stop: null }, { status: 'rejected', reason: 'nothing_to_close' });
  return id;
}

function findLot({ holdings }: Desk, id: number): Lot | undefined {
  return holdings.lots.flat().find((lot) => lot.id === id);
}

/** Throws `strategy_failed` for a leg that is no price: a lot must not be left without the protection that was meant. */
function protect(desk: Desk, id: number, bracket: Parameters<TraderContext['protect']>[1]): void {
  const lot = findLot(desk, id);
  if (lot === undefined) return; // closed meanwhile
  const { stopLoss, takeProfit, trailingStop } = bracket;
  if (!isLevel(stopLoss) || !isLevel(takeProfit) || (trailingStop && !isDistance(trailingStop))) {
    const text = `The strategy gave lot ${id} a bracket that is no price: ${JSON.stringify(bracket)}. Give positive numbers.`;
    throw new HoldfastError('strategy_failed', text);
  }
  const entry = { symbol: lot.symbol, units: lot.units, price: lot.entryPrice };
  const leg = (level: Level | null, direction: 1 | -1) => legPrice(desk, entry, level, direction);
  if (stopLoss !== undefined) lot.stopLoss = leg(stopLoss, -1);
  if (takeProfit !== undefined) lot.takeProfit = leg(takeProfit, 1);
  if (trailingStop === undefined) return;
  // A new trailing stop starts at the price of now, an old one keeps the best price it has followed.
  if (lot.trail === null) lot.best = desk.market.prices[lot.symbol]!;
  lot.trail = trailingStop === null ? null : trailOf(trailingStop);
}

function setTarget(desk: Desk, weights: Readonly<Record<string, number>>, indexOf: ReadonlyMap<string, number>): void {
  const { holdings, market } = desk;
  const id = holdings.nextOrder++;
  const wanted: [number, number][] = [];
  for (const [name, weight] of Object.entries(weights)) {
    const symbol = indexOf.get(name) ?? -1;
    const isNumber = Number.isFinite(weight);
    if (symbol >= 0 && isNumber && market.instruments[symbol]!.tradable) wanted.push([symbol, weight]);
    else {
      const reason = symbol < 0 ? 'unknown_symbol' : isNumber ? 'not_tradable' : 'bad_size';
      record(desk, { id, symbol, type: 'market', side: weight < 0 ? -1 : 1, limit: null, stop: null }, { status: 'rejected', reason });
    }
  }
  holdings.target = wanted.length === 0 ? null : { id, weights: wanted, placedBar: desk.bar };
}
