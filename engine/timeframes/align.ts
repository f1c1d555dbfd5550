import type { Frame } from './resample.ts';

/**
 * A column of a slower frame along the faster bars it is used on: at each fast bar the value of the last slow bar that is over when the fast one
 * closes; NaN before the first. A slow bar is over when its end has come, or when a fast bar of a later one is there; what comes after the fast
 * bar is never looked at. `fastMs` is the length of a fast bar.
 */
export function alignColumn(column: Float64Array, { begins, ends }: Frame, fastTs: Float64Array, fastMs: number): Float64Array {
  const out = new Float64Array(fastTs.length);
  let known = -1;
  for (let i = 0; i < fastTs.length; i++) {
    const now = fastTs[i]!;
    while (known + 1 < column.length && isOver(known + 1, now)) known++;
    out[i] = known < 0 ? NaN : column[known]!;
  }
  return out;

  function isOver(bar: number, now: number): boolean {
    const hasSuccessor = bar + 1 < begins.length && begins[bar + 1]! <= now;
    // A slow bar whose first trade is still to come is not over, even if its time is.
    return hasSuccessor || (begins[bar]! <= now && ends[bar]! <= now + fastMs);
  }
}
