import { columnsInShare, type Derived } from './column-share.ts';

/** What one source column may hold in derived ones: 60 averages of half a million bars, or three of ten million. */
const BYTES_PER_SOURCE = 256 * 1024 * 1024;

type Columns = readonly Float64Array[];

const derived = new WeakMap<Float64Array, Map<string, Columns>>();

/**
 * The columns that are derived from `sources` (one at least), computed once a thread, or once for all that {@link shareColumns}, and shared by every trial that asks for the
 * same name. They live as long as the first source; beyond a budget the least recently used ones are forgotten.
 */
export function sharedColumns(sources: Columns, name: string, derivation: Derived): Columns {
  const [first, ...others] = sources;
  if (first === undefined) throw new TypeError(`${name} is derived from no column`);
  const known = derived.get(first) ?? new Map<string, Columns>();
  derived.set(first, known);
  const key = [name, ...others.map(numberOf)].join(' ');
  const columns = known.get(key) ?? columnsInShare(sources, name, derivation) ?? compute(derivation);
  // A Map keeps insertion order: what was used last is moved to its end.
  known.delete(key);
  known.set(key, columns);
  forgetOldest(known, key);
  return columns;
}

/** In memory of its own. */
export function compute({ count, length, fill }: Derived): Columns {
  const columns = Array.from({ length: count }, () => new Float64Array(length));
  fill(columns);
  return columns;
}

function forgetOldest(known: Map<string, Columns>, kept: string): void {
  let bytes = 0;
  for (const columns of known.values()) bytes += bytesOf(columns);
  for (const [oldest, columns] of known) {
    if (bytes <= BYTES_PER_SOURCE || oldest === kept) break;
    known.delete(oldest);
    bytes -= bytesOf(columns);
  }
}

function bytesOf(columns: Columns): number {
  return columns.reduce((bytes, column) => bytes + column.byteLength, 0);
}

let given = 0;
const numbers = new WeakMap<Float64Array, number>();

/** A number that no other column of this process ever has. */
function numberOf(column: Float64Array): number {
  const number = numbers.get(column) ?? ++given;
  numbers.set(column, number);
  return number;
}
