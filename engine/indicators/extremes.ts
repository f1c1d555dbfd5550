import type { Window } from './window.ts';

/** Where the highest of the last `bars` values stands at each bar of a range; the latest of equal ones. */
export function highestPositions(values: Float64Array, window: Window): Int32Array {
  return extremePositions(values, window, 1);
}

/** Where the lowest of the last `bars` values stands at each bar of a range; the latest of equal ones. */
export function lowestPositions(values: Float64Array, window: Window): Int32Array {
  return extremePositions(values, window, -1);
}

/**
 * The queue holds the positions that can still become the extreme, the current one first: each value enters and leaves it once, so the
 * time does not depend on the window.
 */
function extremePositions(values: Float64Array, { from, to, bars, before }: Window, sign: 1 | -1): Int32Array {
  const positions = new Int32Array(to - from);
  const mask = powerOfTwoAbove(bars) - 1;
  const queue = new Int32Array(mask + 1);
  let head = 0;
  let tail = 0;
  for (let i = from - Math.min(before, bars - 1); i < to; i++) {
    const value = sign * values[i]!;
    while (tail > head && sign * values[queue[(tail - 1) & mask]!]! <= value) tail--;
    queue[tail++ & mask] = i;
    if (queue[head & mask]! <= i - bars) head++;
    if (i >= from) positions[i - from] = queue[head & mask]!;
  }
  return positions;
}

function powerOfTwoAbove(value: number): number {
  let power = 1;
  while (power <= value) power *= 2;
  return power;
}
