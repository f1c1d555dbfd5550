import { isMissing } from './indicator.ts';

/**
 * A column between two stages of an indicator: what the next stage may look back at stands in front of `length` new elements, the first
 * of which is element `tail.length`.
 */
export function relayColumn(tail: readonly number[], length: number): Float64Array {
  const column = new Float64Array(tail.length + length);
  column.set(tail);
  return column;
}

/**
 * The last `kept` elements, for {@link relayColumn} of the stretch that follows. A missing one becomes 0, which JSON can hold: nothing
 * looks back across it.
 */
export function tailOf(column: Float64Array, kept: number): number[] {
  return Array.from(column.subarray(Math.max(0, column.length - kept)), (value) => (isMissing(value) ? 0 : value));
}
