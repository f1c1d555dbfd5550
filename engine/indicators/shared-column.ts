/** What one source column may hold in derived ones: 60 averages of half a million bars, or three of ten million. */
const BYTES_PER_SOURCE = 256 * 1024 * 1024;

const derived = new WeakMap<Float64Array, Map<string, Float64Array>>();

/**
 * The column that `compute` derives from `source`, computed once a process and shared by every trial that asks for the same name. Columns live as long as
 * their source; beyond a budget the least recently used ones are forgotten.
 */
export function sharedColumn(source: Float64Array, name: string, compute: () => Float64Array): Float64Array {
  const columns = derived.get(source) ?? new Map<string, Float64Array>();
  derived.set(source, columns);
  const column = columns.get(name) ?? compute();
  // A Map keeps insertion order: what was used last is moved to its end.
  columns.delete(name);
  columns.set(name, column);
  let bytes = 0;
  for (const each of columns.values()) bytes += each.byteLength;
  for (const [oldest, each] of columns) {
    if (bytes <= BYTES_PER_SOURCE || oldest === name) break;
    columns.delete(oldest);
    bytes -= each.byteLength;
  }
  return column;
}
