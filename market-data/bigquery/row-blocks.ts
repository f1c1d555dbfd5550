import type { Bars } from '../../shared/bars.ts';
import type { BarBlock } from '../time-chunks.ts';
import { ROW_COLUMNS } from './bars-query.ts';
import type { RowBatch } from './row-sorter.ts';

/** Sorted rows as one block of bars: a symbol for each place, in the order of the request. */
export function toBlock({ values, rows }: RowBatch, symbols: readonly string[], extra: readonly string[]): BarBlock {
  const width = ROW_COLUMNS.length + extra.length;
  const counts = symbols.map(() => 0);
  for (let row = 0; row < rows; row++) counts[values[row * width + 1]!]!++;
  const columns = counts.map((count) => Array.from({ length: width }, () => new Float64Array(count)));
  const filled = symbols.map(() => 0);
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    const place = values[from + 1]!;
    const to = filled[place]!++;
    const own = columns[place]!;
    for (let c = 0; c < width; c++) own[c]![to] = values[from + c]!;
  }
  return columns.map((own, place) => toBars(symbols[place]!, own, extra));
}

function toBars(symbol: string, columns: readonly Float64Array[], extra: readonly string[]): Bars {
  const [ts, , open, high, low, close, volume] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const further = Object.fromEntries(extra.map((name, number) => [name, columns[ROW_COLUMNS.length + number]!]));
  return { symbol, ts, open, high, low, close, volume, ...(extra.length > 0 && { extra: further }) };
}
