import { HoldfastError } from '../../shared/errors.ts';
import { nearestName } from '../../shared/nearest-name.ts';
import { nextUniform, type RandomState } from '../seeded-random.ts';
import type { OrderView, TraderContext } from '../trader.ts';
import type { Desk } from './desk.ts';
import { createRequests } from './requests.ts';
import { DeskSymbol } from './symbol-view.ts';
import type { WorkingOrder } from './working-order.ts';

/** What the context needs beside the desk. */
export interface Session {
  random: RandomState;
  /** Of the last mark. */
  equity: number;
  log: (message: string) => void;
  plot: (name: string, value: number, point: { ts: number; symbol: number }) => void;
}

/** The one context of a simulation: it shows the desk as it is when it is asked. */
export function createContext(desk: Desk, session: Session): TraderContext {
  const { market, holdings } = desk;
  const symbols = market.bars.map((_, index) => new DeskSymbol(desk, index));
  const byName = new Map(symbols.map((symbol) => [symbol.name, symbol]));

  function symbol(name = symbols[0]!.name): DeskSymbol {
    const found = byName.get(name);
    if (found === undefined) throw unknownSymbol(name, [...byName.keys()]);
    return found;
  }

  return {
    ...createRequests(desk),
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
    symbol,
    get orders() {
      return holdings.orders.filter(({ id }) => id > 0).map((order) => viewOrder(order, symbols, holdings.tags));
    },
    random: () => nextUniform(session.random),
    log: session.log,
    plot: (name, value, of) => session.plot(name, value, { ts: market.times[desk.bar]!, symbol: symbol(of).index }),
  };
}

function unknownSymbol(name: string, known: string[]): HoldfastError {
  const nearest = nearestName(name, known);
  const hint = nearest === null ? `there are ${known.join(', ')}` : `did you mean "${nearest}"?`;
  return new HoldfastError('unknown_symbol', `The strategy asked for "${name}", which is not in its data: ${hint}`);
}

function viewOrder(order: WorkingOrder, symbols: readonly DeskSymbol[], tags: readonly string[]): OrderView {
  const { id, symbol, side, tag, type, limit, stop, placedBar, reduceOnly } = order;
  const named = { symbol: symbols[symbol]!.name, side: side > 0 ? 'buy' : 'sell', tag: tags[tag]! } as const;
  return { id, ...named, type, limit, stop, placedBar, reduceOnly };
}
