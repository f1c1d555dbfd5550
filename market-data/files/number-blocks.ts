import { PRICE_COLUMNS, type Bars } from '../../shared/bars.ts';
import type { BarBlock } from '../time-chunks.ts';

/** What the columns of a query are: the number of the symbol, the time, prices and volume, then further ones by these names. */
export interface NumberLayout {
  symbols: readonly string[];
  extra: readonly string[];
}

/** Rows of a block, over all symbols; a block ends where a time does. */
const BLOCK_ROWS = 65_536;

/**
 * Rows as blocks of bars. They come in the order of time, or in stretches that do: `mayCut` says whether all rows before one of this time are known to
 * be earlier than all after it.
 */
export async function* numberBlocks(
  batches: AsyncIterable<readonly Float64Array[]>,
  layout: NumberLayout,
  mayCut: (time: number, before: number) => boolean = (time, before) => time > before,
): AsyncGenerator<BarBlock> {
  let gathered = createGathering(layout);
  let before = -Infinity;
  for await (const batch of batches) {
    const ts = batch[1]!;
    let from = 0;
    for (let row = Math.max(0, BLOCK_ROWS - gathered.rows); row < ts.length; row++) {
      if (!mayCut(ts[row]!, row === 0 ? before : ts[row - 1]!)) continue;
      gathered.add(batch, from, row);
      yield gathered.block();
      gathered = createGathering(layout);
      from = row;
      row += BLOCK_ROWS - 1;
    }
    gathered.add(batch, from, ts.length);
    before = ts.at(-1) ?? before;
  }
  if (gathered.rows > 0) yield gathered.block();
}

function createGathering({ symbols, extra }: NumberLayout) {
  const parts: (readonly Float64Array[])[] = [];
  const gathering = {
    rows: 0,
    add(batch: readonly Float64Array[], from: number, to: number): void {
      if (from === to) return;
      parts.push(batch.map((column) => column.subarray(from, to)));
      gathering.rows += to - from;
    },
    block(): BarBlock {
      const places = parts.map(([place]) => place!);
      const counts = symbols.map(() => 0);
      if (symbols.length === 1) counts[0] = gathering.rows;
      else for (const place of places) for (const symbol of place) counts[symbol]!++;
      const names = ['ts', ...PRICE_COLUMNS, ...extra];
      const columns = names.map((_, index) =>
        scattered(
          places,
          parts.map((part) => part[index + 1]!),
          counts,
        ),
      );
      return symbols.map((symbol, s) => barsOf(symbol, names, (index) => columns[index]![s]!));
    },
  };
  return gathering;
}

/** One column of all symbols as one of each; a view where it is that already. */
function scattered(places: readonly Float64Array[], values: readonly Float64Array[], counts: readonly number[]): Float64Array[] {
  if (counts.length === 1 && values.length === 1) return [values[0]!];
  const columns = counts.map((count) => new Float64Array(count));
  const filled = new Int32Array(counts.length);
  for (let part = 0; part < values.length; part++) {
    const place = places[part]!;
    const value = values[part]!;
    if (counts.length === 1) {
      columns[0]!.set(value, filled[0]!);
      filled[0]! += value.length;
      continue;
    }
    for (let row = 0; row < value.length; row++) {
      const symbol = place[row]!;
      columns[symbol]![filled[symbol]!++] = value[row]!;
    }
  }
  return columns;
}

function barsOf(symbol: string, names: readonly string[], column: (index: number) => Float64Array): Bars {
  const own = Object.fromEntries(names.slice(0, 6).map((name, index) => [name, column(index)]));
  const extra = Object.fromEntries(names.slice(6).map((name, index) => [name, column(index + 6)]));
  return { symbol, ...own, ...(names.length > 6 && { extra }) } as Bars;
}
