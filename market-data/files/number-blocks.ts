import { PRICE_COLUMNS, type Bars } from '../../shared/bars.ts';
import { createSpareMemory } from '../spare-memory.ts';
import type { BarBlock } from '../time-chunks.ts';

/** What the columns of a query are: the number of the symbol where there are several, the time, prices and volume, then further ones by these names. */
export interface NumberLayout {
  symbols: readonly string[];
  extra: readonly string[];
}

/** Rows of a block, over all symbols; a block ends where a time does. */
const BLOCK_ROWS = 65_536;

/**
 * Rows as blocks of bars. They come in the order of time, or in stretches that do: `mayCut` says whether all rows before one of this time are known to
 * be earlier than all after it. Batches stay as they are until the third after them is asked for.
 */
export async function* numberBlocks(
  batches: AsyncIterable<readonly Float64Array[]>,
  layout: NumberLayout,
  mayCut: (time: number, before: number) => boolean = (time, before) => time > before,
): AsyncGenerator<BarBlock> {
  const gathered = createGathering(layout);
  const time = layout.symbols.length > 1 ? 1 : 0;
  let before = -Infinity;
  for await (const batch of batches) {
    const ts = batch[time]!;
    let from = 0;
    for (let row = Math.max(0, BLOCK_ROWS - gathered.rows); row < ts.length; row++) {
      if (!mayCut(ts[row]!, row === 0 ? before : ts[row - 1]!)) continue;
      gathered.add(batch, from, row);
      yield gathered.take();
      from = row;
      row += BLOCK_ROWS - 1;
    }
    gathered.add(batch, from, ts.length);
    before = ts.at(-1) ?? before;
  }
  if (gathered.rows > 0) yield gathered.take();
}

function createGathering({ symbols, extra }: NumberLayout) {
  const names = ['ts', ...PRICE_COLUMNS, ...extra];
  const spare = createSpareMemory();
  let filled = symbols.map(() => 0);
  /** The first rows of a block, as long as there are no others: mostly all of it, and then never copied. */
  let only: readonly Float64Array[] | null = null;
  const own = symbols.length > 1 ? 1 : 0;
  const column = (s: number, index: number, length: number) => spare.doubles(`${s} ${index}`, length);

  function copy(batch: readonly Float64Array[]): void {
    const counts = own === 0 ? [batch[0]!.length] : countsOf(batch[0]!, symbols.length);
    const ends = filled.map((count, s) => count + counts[s]!);
    for (const index of names.keys()) {
      const values = batch[own + index]!;
      const columns = ends.map((end, s) => column(s, index, end));
      if (own === 0) columns[0]!.set(values, filled[0]);
      else scatter(values, batch[0]!, { columns, filled: filled.slice() });
    }
    filled = ends;
  }

  const gathering = {
    rows: 0,
    add(batch: readonly Float64Array[], from: number, to: number): void {
      if (from === to) return;
      const part = batch.map((values) => values.subarray(from, to));
      if (gathering.rows === 0 && own === 0) only = part;
      else {
        if (only !== null) copy(only);
        only = null;
        copy(part);
      }
      gathering.rows += to - from;
    },
    /** All rows since the last time. */
    take(): BarBlock {
      const whole = only;
      const block = symbols.map((symbol, s) => barsOf(symbol, names, (index) => whole?.[index] ?? column(s, index, filled[s]!)));
      spare.turn();
      only = null;
      filled = symbols.map(() => 0);
      gathering.rows = 0;
      return block;
    },
  };
  return gathering;
}

function countsOf(places: Float64Array, symbols: number): number[] {
  const counts = Array.from({ length: symbols }, () => 0);
  for (const place of places) counts[place]!++;
  return counts;
}

/** One column of all symbols, to the end of those of each. */
function scatter(
  values: Float64Array,
  places: Float64Array,
  { columns, filled }: { columns: readonly Float64Array[]; filled: number[] },
): void {
  for (let row = 0; row < values.length; row++) {
    const symbol = places[row]!;
    columns[symbol]![filled[symbol]!++] = values[row]!;
  }
}

function barsOf(symbol: string, names: readonly string[], column: (index: number) => Float64Array): Bars {
  const own = Object.fromEntries(names.slice(0, 6).map((name, index) => [name, column(index)]));
  const extra = Object.fromEntries(names.slice(6).map((name, index) => [name, column(index + 6)]));
  return { symbol, ...own, ...(names.length > 6 && { extra }) } as Bars;
}
