import type { Distance, Level, OrderRequest, OrderSize } from '../../engine/trader.ts';
import type { Held } from './graph.ts';
import type { HeldValues } from './held-values.ts';
import type { Text } from './meaning.ts';
import type { NumberField, Program } from './program.ts';

/** What is needed for an order to enter; the other numbers are read while a position is open. */
const ENTRY_NUMBERS = [
  'stopLoss',
  'takeProfit',
  'trailingStop',
  'stopLossPrice',
  'takeProfitPrice',
  'size',
  'limitPrice',
  'stopPrice',
  'expireBars',
] as const satisfies readonly NumberField[];

interface Moment {
  row: number;
  held: Held;
  /** Where sizes are shares of it; null on one symbol. */
  equity: number | null;
}

/** The order to enter, or null where a number that it needs is not known or not above 0: no entry without the stop that was asked for. */
export function entryOf(
  { numbers, tag }: Program,
  values: HeldValues,
  { row, held, equity }: Moment,
): Omit<OrderRequest, 'symbol' | 'side'> | null {
  const given = new Map<NumberField, number>();
  for (const field of ENTRY_NUMBERS) {
    const node = numbers[field];
    if (node === undefined) continue;
    const value = values.number(node, row, held);
    if (!(value > 0)) return null;
    given.set(field, value);
  }
  const fraction = (field: NumberField): Distance | undefined => (given.has(field) ? { percent: given.get(field)! } : undefined);
  const level = (field: 'stopLoss' | 'takeProfit'): Level | undefined => given.get(`${field}Price`) ?? fraction(field);
  const expireBars = given.get('expireBars');
  return {
    size: sizeOf(given.get('size'), equity),
    limit: given.get('limitPrice'),
    stop: given.get('stopPrice'),
    until: expireBars === undefined ? undefined : { bars: Math.max(1, Math.round(expireBars)) },
    stopLoss: level('stopLoss'),
    takeProfit: level('takeProfit'),
    trailingStop: fraction('trailingStop'),
    tag: tag === null ? undefined : textAt(tag, values, row, held),
  };
}

/** On one symbol a share of all the money at the fill; on several a share of the equity at the decision, whatever the others take. */
function sizeOf(size: number | undefined, equity: number | null): OrderSize | undefined {
  if (size === undefined) return undefined;
  return equity === null ? { fraction: size } : { cash: size * equity };
}

/** Empty where it depends on something that is not known. */
function textAt(text: Text, values: HeldValues, row: number, held: Held): string {
  if (text.kind === 'text') return text.value;
  if (values.holds(text.test.holds, row, held)) return textAt(text.yes, values, row, held);
  return values.holds(text.test.fails, row, held) ? textAt(text.no, values, row, held) : '';
}
