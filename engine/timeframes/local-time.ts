import type { ZoneOffsets } from '../../shared/zone-offsets.ts';

export type { ZoneOffsets };

export const UTC: ZoneOffsets = { from: Float64Array.of(-Infinity), offset: Float64Array.of(0) };

export const DAY_MS = 86_400_000;

/** Milliseconds that local time is ahead of UTC at a moment. Before the first entry the first one counts. */
export function offsetAt({ from, offset }: ZoneOffsets, ts: number): number {
  let low = 0;
  let high = from.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (from[middle]! <= ts) low = middle + 1;
    else high = middle;
  }
  return offset[Math.max(0, low - 1)] ?? 0;
}

/** Number of the local day, counted from 1970-01-01. */
export function localDay(zone: ZoneOffsets, ts: number): number {
  return Math.floor((ts + offsetAt(zone, ts)) / DAY_MS);
}

/** Milliseconds since local midnight, by the clock on the wall. */
export function timeOfDay(zone: ZoneOffsets, ts: number): number {
  const local = ts + offsetAt(zone, ts);
  return local - Math.floor(local / DAY_MS) * DAY_MS;
}

/**
 * The moment at which clocks on the wall show `local` (ms since 1970 as if it were UTC). Of an hour that a clock change repeats it is the later
 * one; a time that a change leaves out counts as the clocks before it would have gone on, so that a midnight left out is the change itself.
 */
export function momentOf(zone: ZoneOffsets, local: number): number {
  const before = offsetAt(zone, local - DAY_MS);
  const after = offsetAt(zone, local + DAY_MS);
  return offsetAt(zone, local - after) === after ? local - after : local - before;
}
