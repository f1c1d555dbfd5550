import { mergeTimes } from '../engine/timeframes/merge-times.ts';
import { PRICE_COLUMNS, type Bars } from '../shared/bars.ts';
import { createSpareMemory } from './spare-memory.ts';

/** Bars of all symbols of a request, in its order, in one stretch of time; a symbol may have none in it. */
export type BarBlock = readonly Bars[];

/**
 * The same bars in blocks of exactly `size` different times (the last may have fewer), however they were cut before. Each stays as it is until the
 * next but one is asked for.
 */
export async function* timeChunks(blocks: AsyncIterable<BarBlock>, sizeOf: (symbols: number) => number): AsyncGenerator<BarBlock> {
  const joining = createJoining();
  let filled = 0;
  for await (const block of blocks) {
    const size = sizeOf(block.length);
    const times = mergeTimes(block.map(({ ts }) => ts));
    let rest = block;
    for (let at = 0; at < times.length;) {
      const count = Math.min(size - filled, times.length - at);
      const [head, tail] = splitAfter(rest, times[at + count - 1]!);
      rest = tail;
      at += count;
      if (count === size) {
        yield head;
        continue;
      }
      joining.add(head);
      filled += count;
      if (filled < size) continue;
      yield joining.take();
      filled = 0;
    }
  }
  if (filled > 0) yield joining.take();
}

/** Puts blocks together, one after the other. */
function createJoining() {
  const spare = createSpareMemory();
  let first: BarBlock = [];
  let filled: number[] = [];
  const column = (s: number, name: string, length: number) => spare.doubles(`${s} ${name}`, length);
  return {
    add(block: BarBlock): void {
      if (first.length === 0) first = block;
      for (const [s, bars] of block.entries()) {
        const from = filled[s] ?? 0;
        const to = from + bars.ts.length;
        for (const name of namesOf(first[s]!)) column(s, name, to).set(columnOf(bars, name), from);
        filled[s] = to;
      }
    },
    take(): BarBlock {
      const joined = first.map((bars, s) => withColumns(bars, (name) => column(s, name, filled[s]!)));
      spare.turn();
      first = [];
      filled = [];
      return joined;
    },
  };
}

function namesOf({ extra = {} }: Bars): string[] {
  return ['ts', ...PRICE_COLUMNS, ...Object.keys(extra)];
}

/** All bars of the blocks in memory. */
export async function collectBlocks(blocks: AsyncIterable<BarBlock>): Promise<Bars[]> {
  const all: BarBlock[] = [];
  for await (const block of blocks) {
    if (all.length === 1) all[0] = copyOf(all[0]!);
    all.push(all.length === 0 ? block : copyOf(block));
  }
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

function copyOf(block: BarBlock): BarBlock {
  return block.map((bars) => withColumns(bars, (name) => columnOf(bars, name).slice()));
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
