import { allocate, view } from './recut.ts';
import type { Columns } from './arrow.ts';

/** Columns for a test: every value is different, and says in which row and column it stands. */
export function numberedColumns<Name extends string>(names: readonly Name[], rows: number): Columns<Name> {
  const columns = allocate(names, rows);
  for (const [column, name] of names.entries()) columns[name].forEach((_, row) => (columns[name][row] = row + column / 100));
  return columns;
}

/** The same rows in blocks that end at each of `cuts`; cuts may repeat, which gives empty blocks. */
export function cutAt<Name extends string>(names: readonly Name[], columns: Columns<Name>, cuts: readonly number[]): Columns<Name>[] {
  const rows = columns[names[0]!].length;
  const ends = [...cuts.filter((cut) => cut <= rows).sort((a, b) => a - b), rows];
  return ends.map((end, index) => view(names, columns, index === 0 ? 0 : ends[index - 1]!, end));
}
