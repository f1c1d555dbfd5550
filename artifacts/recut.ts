import type { Columns } from './arrow.ts';

/** The same rows in blocks of exactly `rows` (the last may be shorter), however they were cut before. A block within one source is a view of it. */
export async function* recut<Name extends string>(
  names: readonly Name[],
  blocks: AsyncIterable<Columns<Name>> | Iterable<Columns<Name>>,
  rows: number,
): AsyncGenerator<Columns<Name>> {
  let parts: Columns<Name>[] = [];
  let filled = 0;
  for await (const source of blocks) {
    const length = lengthOf(names, source);
    for (let at = 0; at < length;) {
      const count = Math.min(rows - filled, length - at);
      parts.push(view(names, source, at, at + count));
      filled += count;
      at += count;
      if (filled < rows) continue;
      yield joined(names, parts);
      parts = [];
      filled = 0;
    }
  }
  if (filled > 0) yield joined(names, parts);
}

/** All rows of the blocks in one; a single block is handed back as it is. */
export function joined<Name extends string>(names: readonly Name[], blocks: readonly Columns<Name>[]): Columns<Name> {
  if (blocks.length === 1) return blocks[0]!;
  const whole = allocate(
    names,
    blocks.reduce((sum, block) => sum + lengthOf(names, block), 0),
  );
  let at = 0;
  for (const block of blocks) {
    for (const name of names) whole[name].set(block[name], at);
    at += lengthOf(names, block);
  }
  return whole;
}

/** Rows `from` to `to` (exclusive), without a copy. */
export function view<Name extends string>(names: readonly Name[], block: Columns<Name>, from: number, to: number): Columns<Name> {
  return mapColumns(names, (name) => block[name].subarray(from, to));
}

export function allocate<Name extends string>(names: readonly Name[], rows: number): Columns<Name> {
  return mapColumns(names, () => new Float64Array(rows));
}

export function mapColumns<Name extends string>(names: readonly Name[], column: (name: Name) => Float64Array): Columns<Name> {
  return Object.fromEntries(names.map((name) => [name, column(name)])) as Columns<Name>;
}

function lengthOf<Name extends string>(names: readonly Name[], block: Columns<Name>): number {
  return block[names[0]!].length;
}
