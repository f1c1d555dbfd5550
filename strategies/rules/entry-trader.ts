import { firstDecision } from '../../engine/indicators/warm-up.ts';
import { decide } from '../../engine/decision.ts';
import { ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT } from '../../engine/strategy.ts';
import type { Distance, OrderRequest, OrderSize, SymbolView, Trader, TraderContext } from '../../engine/trader.ts';
import { createBarValues, type BarValues } from './bar-values.ts';
import { indicatorsOf, resolveColumns } from './columns.ts';
import type { Plane } from './graph.ts';
import type { Text } from './meaning.ts';
import type { NumberField, Program } from './program.ts';
import type { TradedBars } from './traded-bars.ts';

const SIGNALS = { enterLong: ENTER_LONG, exitLong: EXIT_LONG, enterShort: ENTER_SHORT, exitShort: EXIT_SHORT } as const;

interface Follower {
  place: number;
  first: number;
  values: BarValues;
}

/**
 * Rules that enter with more than a market order: with brackets, sizes, prices or tags. Decides as signals do. An order that waits for its price
 * counts as the position that it would make: an exit or an entry to the other side cancels it, another entry to its own side changes nothing.
 */
export function createEntryTrader(program: Program, { bars, traded }: TradedBars): Trader {
  const signals = Object.entries(SIGNALS).flatMap(([field, value]) => {
    const plane = program.conditions[field as keyof typeof SIGNALS]?.holds;
    return plane === undefined ? [] : [{ plane, value }];
  });
  const roots = { planes: [...signals.map(({ plane }) => plane), ...planesOf(program.tag)], numbers: Object.values(program.numbers) };
  const columns = resolveColumns([...roots.planes, ...roots.numbers], bars);
  const followers = traded.map((place): Follower => {
    const values = createBarValues(roots, bars[place]!, columns[place]!);
    return { place, first: firstDecision(...indicatorsOf(columns[place]!)), values };
  });

  function signalAt(values: BarValues, row: number): number {
    let signal = 0;
    for (const { plane, value } of signals) if (values.holds(plane, row)) signal += value;
    return signal;
  }

  function follow(context: TraderContext, symbol: SymbolView, values: BarValues): void {
    const { row, name } = symbol;
    const signal = signalAt(values, row);
    if (signal === 0) return;
    const waiting = context.orders.find((order) => order.symbol === name);
    const side = waiting === undefined ? Math.sign(symbol.position) : waiting.side === 'buy' ? 1 : -1;
    const wanted = decide(signal, side);
    if (wanted === null) return;
    if (waiting !== undefined) context.cancel(name);
    const equity = followers.length > 1 ? context.equity : null;
    const entry = wanted === 0 ? null : entryOf(program, values, { row, equity });
    if (entry !== null) context.order({ ...entry, symbol: name, side: wanted > 0 ? 'buy' : 'sell' });
    else if (symbol.position !== 0) context.close({ symbol: name });
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

type Entry = Omit<OrderRequest, 'symbol' | 'side'>;

/** The order to enter, or null where a number that it needs is not known or not above 0: no entry without the stop that was asked for. */
function entryOf({ numbers, tag }: Program, values: BarValues, { row, equity }: { row: number; equity: number | null }): Entry | null {
  const given = new Map<NumberField, number>();
  for (const [field, node] of Object.entries(numbers) as [NumberField, NonNullable<Program['numbers'][NumberField]>][]) {
    const value = values.number(node, row);
    if (!(value > 0)) return null;
    given.set(field, value);
  }
  const fraction = (field: NumberField): Distance | undefined => (given.has(field) ? { percent: given.get(field)! } : undefined);
  const expireBars = given.get('expireBars');
  return {
    size: sizeOf(given.get('size'), equity),
    limit: given.get('limitPrice'),
    stop: given.get('stopPrice'),
    until: expireBars === undefined ? undefined : { bars: Math.max(1, Math.round(expireBars)) },
    stopLoss: fraction('stopLoss'),
    takeProfit: fraction('takeProfit'),
    trailingStop: fraction('trailingStop'),
    tag: tag === null ? undefined : textAt(tag, values, row),
  };
}

/** On one symbol a share of all the money at the fill; on several a share of the equity at the decision, whatever the others take. */
function sizeOf(size: number | undefined, equity: number | null): OrderSize | undefined {
  if (size === undefined) return undefined;
  return equity === null ? { fraction: size } : { cash: size * equity };
}

function planesOf(text: Text | null): Plane[] {
  if (text === null || text.kind === 'text') return [];
  return [text.test.holds, text.test.fails, ...planesOf(text.yes), ...planesOf(text.no)];
}

/** Empty where it depends on something that is not known. */
function textAt(text: Text, values: BarValues, row: number): string {
  if (text.kind === 'text') return text.value;
  if (values.holds(text.test.holds, row)) return textAt(text.yes, values, row);
  return values.holds(text.test.fails, row) ? textAt(text.no, values, row) : '';
}
