import { HoldfastError } from '../../shared/errors.ts';
import { nearestName } from '../../shared/nearest-name.ts';
import { end, record, type Desk } from './desk.ts';
import { legPrice, trailOf } from './ledger.ts';
import { isDistance, isLevel, placeOrder } from './place-order.ts';
import { nextRandom, type RandomState } from '../random.ts';
import type { Level, LotView, OrderRequest, OrderView, SymbolView, TraderContext } from '../trader.ts';
import { unitsOf } from './valuation.ts';
import type { Lot } from './working-order.ts';

/** What the context needs beside the desk. */
export interface Session {
  random: RandomState;
  /** Of the last mark. */
  equity: number;
  log(message: string): void;
}

/** The one context of a simulation: it shows the desk as it is when it is asked. */
export function createContext(desk: Desk, session: Session): TraderContext {
  const { market, holdings } = desk;
  const symbols = market.bars.map((_, index) => new DeskSymbol(desk, index));
  const indexOf = new Map(symbols.map(({ name, index }) => [name, index]));

  function place(request: OrderRequest): number {
    const isAmbiguous = request.symbol === undefined && symbols.length > 1;
    const index = request.symbol === undefined ? 0 : (indexOf.get(request.symbol) ?? -1);
    return placeOrder(desk, request, isAmbiguous ? -1 : index);
  }

  function close({ symbol, lot, size, tag }: Parameters<TraderContext['close']>[0] = {}): number {
    const index = lot === undefined ? indexOf.get(symbol ?? symbols[0]!.name) : findLot(desk, lot)?.symbol;
    const held = index === undefined ? 0 : lot === undefined ? unitsOf(desk, index) : (findLot(desk, lot)?.units ?? 0);
    return place({
      symbol: index === undefined ? symbol : symbols[index]!.name,
      side: held < 0 ? 'buy' : 'sell',
      size,
      lot,
      tag,
      reduceOnly: true,
    });
  }

  function cancel(what?: number | string): void {
    const isMeant = ({ id, symbol }: { id: number; symbol: number }) =>
      what === undefined || (typeof what === 'number' ? id === what : symbol === indexOf.get(what));
    for (const order of holdings.orders) if (isMeant(order)) end(desk, order, 'cancelled', 'by_strategy');
    if (what === undefined || what === holdings.target?.id) holdings.target = null;
  }

  function target(weights: Readonly<Record<string, number>>): void {
    const id = holdings.nextOrder++;
    const wanted: [number, number][] = [];
    for (const [name, weight] of Object.entries(weights)) {
      const symbol = indexOf.get(name) ?? -1;
      const isFit = symbol >= 0 && Number.isFinite(weight) && market.instruments[symbol]!.tradable;
      if (isFit) wanted.push([symbol, weight]);
      else {
        const reason = symbol < 0 ? 'unknown_symbol' : Number.isFinite(weight) ? 'not_tradable' : 'bad_size';
        record(desk, { id, symbol, type: 'market', side: weight < 0 ? -1 : 1, limit: null, stop: null }, { status: 'rejected', reason });
      }
    }
    holdings.target = wanted.length === 0 ? null : { id, weights: wanted, placedBar: desk.bar };
  }

  return {
    get bar() {
      return desk.bar;
    },
    get time() {
      return market.times[desk.bar]!;
    },
    get cash() {
      return holdings.cash;
    },
    get equity() {
      return session.equity;
    },
    symbols,
    symbol(name) {
      const index = name === undefined ? 0 : indexOf.get(name);
      if (index === undefined) throw unknownSymbol(name!, [...indexOf.keys()]);
      return symbols[index]!;
    },
    get orders() {
      return holdings.orders.filter(({ id }) => id > 0).map((order) => viewOrder(order, market.bars[order.symbol]!.symbol, holdings.tags));
    },
    buy: (request = {}) => place({ ...request, side: 'buy' }),
    sell: (request = {}) => place({ ...request, side: 'sell' }),
    order: place,
    close,
    cancel,
    protect: (lot, bracket) => protect(desk, lot, bracket),
    target,
    random: () => nextRandom(session.random),
    log: session.log,
  };
}

function unknownSymbol(name: string, known: string[]): HoldfastError {
  const nearest = nearestName(name, known);
  const hint = nearest === null ? `there are ${known.join(', ')}` : `did you mean "${nearest}"?`;
  return new HoldfastError('unknown_symbol', `The strategy asked for "${name}", which is not in its data: ${hint}`);
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
    throw new HoldfastError(
      'strategy_failed',
      `The strategy gave lot ${id} a bracket that is no price: ${JSON.stringify(bracket)}. Give positive numbers.`,
    );
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

function viewOrder(order: Desk['holdings']['orders'][number], symbol: string, tags: readonly string[]): OrderView {
  const { id, side, type, limit, stop, placedBar, tag } = order;
  return { id, symbol, side: side > 0 ? 'buy' : 'sell', type, limit, stop, placedBar, tag: tags[tag]! };
}

/** A class, so that the bar-by-bar reads of every symbol share one compiled method. */
class DeskSymbol implements SymbolView {
  readonly name: string;
  readonly index: number;
  readonly tradable: boolean;
  readonly #desk: Desk;

  constructor(desk: Desk, index: number) {
    this.name = desk.market.bars[index]!.symbol;
    this.index = index;
    this.tradable = desk.market.instruments[index]!.tradable;
    this.#desk = desk;
  }

  get row(): number {
    return this.#desk.market.rows[this.index]!;
  }

  get trading(): boolean {
    return this.#desk.market.trades[this.index] === 1;
  }

  get position(): number {
    return unitsOf(this.#desk, this.index);
  }

  get lots(): readonly LotView[] {
    const { lots, tags } = this.#desk.holdings;
    return lots[this.index]!.map(({ id, units, entryBar, entryPrice, stopLoss, takeProfit, tag }) => {
      return { id, size: units, entryBar, entryPrice, stopLoss, takeProfit, tag: tags[tag]! };
    });
  }

  open(ago = 0): number {
    return this.#past('open', ago);
  }

  high(ago = 0): number {
    return this.#past('high', ago);
  }

  low(ago = 0): number {
    return this.#past('low', ago);
  }

  close(ago = 0): number {
    return this.#past('close', ago);
  }

  volume(ago = 0): number {
    return this.#past('volume', ago);
  }

  /** NaN before the first bar, and for a bar that is still to come. */
  #past(column: 'open' | 'high' | 'low' | 'close' | 'volume', ago: number): number {
    const { bars, rows } = this.#desk.market;
    return ago >= 0 ? (bars[this.index]![column][rows[this.index]! - ago] ?? NaN) : NaN;
  }
}
