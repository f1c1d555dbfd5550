import { mergeTimes } from '../engine/timeframes/merge-times.ts';
import { PRICE_COLUMNS, type Bars } from '../shared/bars.ts';

/** Bars of all symbols of a request, in its order, in one stretch of time; a symbol may have none in it. */
export type BarBlock = readonly Bars[];

/** The same bars in blocks of exactly `size` different times (the last may have fewer), however they were cut before. */
export async function* timeChunks(blocks: AsyncIterable<BarBlock>, sizeOf: (symbols: number) => number): AsyncGenerator<BarBlock> {
  let parts: BarBlock[] = [];
  let filled = 0;
  for await (const block of blocks) {
    const size = sizeOf(block.length);
    const times = mergeTimes(block.map(({ ts }) => ts));
    let rest = block;
    for (let at = 0; at < times.length;) {
      const count = Math.min(size - filled, times.length - at);
      const [head, tail] = splitAfter(rest, times[at + count - 1]!);
      parts.push(head);
      rest = tail;
      at += count;
      filled += count;
      if (filled < size) continue;
      yield joinBlocks(parts);
      parts = [];
      filled = 0;
    }
  }
  if (filled > 0) yield joinBlocks(parts);
}

/** All bars of the blocks in memory. */
export async function collectBlocks(blocks: AsyncIterable<BarBlock>): Promise<Bars[]> {
  const all: BarBlock[] = [];
  for await (const block of blocks) all.push(block);
  return joinBlocks(all);
}

/** All bars of the blocks as one; a single block is handed back as it is. */
function joinBlocks(blocks: readonly BarBlock[]): Bars[] {
  if (blocks.length === 1) return [...blocks[0]!];
  return (blocks[0] ?? []).map((first, s) => {
    const pieces = blocks.map((block) => block[s]!);
    return withColumns(first, (name) => joinColumns(pieces.map((piece) => columnOf(piece, name))));
  });
}

/** The bars up to a time, and those after it; views. */
function splitAfter(block: BarBlock, time: number): [BarBlock, BarBlock] {
  const ends = block.map(({ ts }) => (ts.length === 0 || ts.at(-1)! <= time ? ts.length : ts.findIndex((each) => each > time)));
  const cut = (from: (s: number) => number, to: (s: number) => number) =>
    block.map((bars, s) => withColumns(bars, (name) => columnOf(bars, name).subarray(from(s), to(s))));
  return [
    cut(
      () => 0,
      (s) => ends[s]!,
    ),
    cut(
      (s) => ends[s]!,
      (s) => block[s]!.ts.length,
    ),
  ];
}

/** The bars with other columns of the same names. */
export function withColumns(bars: Bars, column: (name: string) => Float64Array): Bars {
  const own = Object.fromEntries(['ts', ...PRICE_COLUMNS].map((name) => [name, column(name)]));
  const extra = bars.extra && Object.fromEntries(Object.keys(bars.extra).map((name) => [name, column(name)]));
  return { ...bars, ...own, ...(extra && { extra }) };
}

/** By name; NaN in each row where a symbol has no such column. */
export function columnOf(bars: Bars, name: string): Float64Array {
  if (name === 'ts' || (PRICE_COLUMNS as readonly string[]).includes(name)) return bars[name as (typeof PRICE_COLUMNS)[number]];
  return bars.extra?.[name] ?? new Float64Array(bars.ts.length).fill(NaN);
}

function joinColumns(columns: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const column of columns) {
    whole.set(column, at);
    at += column.length;
  }
  return whole;
}
