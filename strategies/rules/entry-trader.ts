import { firstDecision } from '../../engine/indicators/warm-up.ts';
import { decide } from '../../engine/decision.ts';
import { ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT } from '../../engine/strategy.ts';
import type { OrderView, SymbolView, Trader, TraderContext } from '../../engine/trader.ts';
import { indicatorsOf, resolveColumns } from './columns.ts';
import { entryOf } from './entry-order.ts';
import type { Held, Plane } from './graph.ts';
import { createHeldValues, type HeldValues } from './held-values.ts';
import type { Text } from './meaning.ts';
import type { Program } from './program.ts';
import type { TradedBars } from './traded-bars.ts';

const SIGNALS = { enterLong: ENTER_LONG, exitLong: EXIT_LONG, enterShort: ENTER_SHORT, exitShort: EXIT_SHORT } as const;

interface Follower {
  place: number;
  first: number;
  values: HeldValues;
}

/**
 * Rules that enter with more than a market order (with brackets, sizes, prices or tags), or that look at what is held. Decides as signals do. An
 * order that waits for its price counts as the position that it would make: an exit or an entry to the other side cancels it, another entry to its
 * own side changes nothing.
 */
export function createEntryTrader(program: Program, { bars, traded }: TradedBars): Trader {
  const { exitSize, maxEntries, trailingStopPrice } = program.numbers;
  const signals = Object.entries(SIGNALS).flatMap(([field, value]) => {
    const plane = program.conditions[field as keyof typeof SIGNALS]?.holds;
    return plane === undefined ? [] : [{ plane, value }];
  });
  const roots = { planes: [...signals.map(({ plane }) => plane), ...planesOf(program.tag)], numbers: Object.values(program.numbers) };
  const columns = resolveColumns([...roots.planes, ...roots.numbers], bars);
  const followers = traded.map((place): Follower => {
    const values = createHeldValues(roots, bars[place]!, columns[place]!);
    return { place, first: firstDecision(...indicatorsOf(columns[place]!)), values };
  });

  function signalAt(values: HeldValues, row: number, held: Held): number {
    let signal = 0;
    for (const { plane, value } of signals) if (values.holds(plane, row, held)) signal += value;
    return signal;
  }

  function follow(context: TraderContext, symbol: SymbolView, values: HeldValues): void {
    const { row, name } = symbol;
    const held = heldOf(context, symbol);
    if (trailingStopPrice !== undefined) tighten(context, symbol, values.number(trailingStopPrice, row, held));
    const signal = signalAt(values, row, held);
    if (signal === 0) return;
    const waiting = context.orders.find((order) => order.symbol === name);
    const side = waiting === undefined ? held.side : sideAfter(waiting);
    const wanted = decide(signal, side);
    if (wanted !== null) {
      if (waiting !== undefined) context.cancel(name);
      turn(context, symbol, values, { held, wanted });
    } else if (waiting === undefined && mayAdd(symbol, values, held, signal)) enter(context, symbol, values, held);
  }

  /** Brings the symbol to the side that is wanted, or out of the market. */
  function turn(context: TraderContext, symbol: SymbolView, values: HeldValues, { held, wanted }: { held: Held; wanted: number }): void {
    const isEntry = wanted !== 0 && enter(context, symbol, values, { entryPrice: NaN, barsHeld: NaN, side: wanted });
    if (isEntry || held.side === 0) return;
    leave(context, symbol, wanted === 0 && exitSize !== undefined ? values.number(exitSize, symbol.row, held) : 1);
  }

  /** Another entry to the side that is held, where there may be more than one. */
  function mayAdd(symbol: SymbolView, values: HeldValues, held: Held, signal: number): boolean {
    const isEntry = (signal & (ENTER_LONG | ENTER_SHORT)) === (held.side > 0 ? ENTER_LONG : ENTER_SHORT);
    if (!isEntry || held.side === 0 || maxEntries === undefined) return false;
    // The volume of a bar may have cut an entry into several lots.
    return new Set(symbol.lots.map(({ order }) => order)).size < values.number(maxEntries, symbol.row, held);
  }

  function enter(context: TraderContext, { name, row }: SymbolView, values: HeldValues, held: Held): boolean {
    const equity = followers.length > 1 ? context.equity : null;
    const entry = entryOf(program, values, { row, held, equity });
    if (entry !== null) context.order({ ...entry, symbol: name, side: held.side > 0 ? 'buy' : 'sell' });
    return entry !== null;
  }

  return {
    firstDecision: 0, // each symbol counts its own bars
    decide(context) {
      for (const { place, first, values } of followers) {
        const symbol = context.symbols[place]!;
        if (symbol.trading && symbol.row >= first) follow(context, symbol, values);
      }
    },
  };
}

/** The position that an order which waits would make. */
function sideAfter({ side, reduceOnly }: OrderView): number {
  if (reduceOnly) return 0;
  return side === 'buy' ? 1 : -1;
}

/** Nothing is held: one object, so that a value which depends on it is computed once a bar. */
const FLAT: Held = { entryPrice: NaN, barsHeld: NaN, side: 0 };

function heldOf({ bar }: TraderContext, { position, lots }: SymbolView): Held {
  if (position === 0) return FLAT;
  const [first] = lots;
  const cost = lots.reduce((sum, { size, entryPrice }) => sum + size * entryPrice, 0);
  // A mean of one price would lose its last digit.
  const entryPrice = lots.length === 1 ? first!.entryPrice : cost / position;
  return { entryPrice, barsHeld: bar - first!.entryBar, side: Math.sign(position) };
}

/** Moves the stops of all lots to the price, those that are tighter left where they are. */
function tighten(context: TraderContext, { lots }: SymbolView, price: number): void {
  if (!(price > 0) || price === Infinity) return;
  for (const { id, size, stopLoss } of lots) {
    const isTighter = stopLoss === null || (size > 0 ? price > stopLoss : price < stopLoss);
    if (isTighter) context.protect(id, { stopLoss: price });
  }
}

/** Closes a fraction of the position; all of it where that is not known. */
function leave(context: TraderContext, { name, position }: SymbolView, fraction: number): void {
  if (fraction > 0 && fraction < 1)
    context.order({ symbol: name, side: position > 0 ? 'sell' : 'buy', size: { fraction }, reduceOnly: true });
  else context.close({ symbol: name });
}

function planesOf(text: Text | null): Plane[] {
  if (text === null || text.kind === 'text') return [];
  return [text.test.holds, text.test.fails, ...planesOf(text.yes), ...planesOf(text.no)];
}
