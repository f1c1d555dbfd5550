import { sharedColumn } from './shared-column.ts';

/** Simple moving average: the mean of the last `window` values; NaN before there are so many, and while one of them is NaN. */
export function sma(values: Float64Array, window: number): Float64Array {
  return sharedColumn(values, `sma ${window}`, () => slidingMean(values, window));
}

function slidingMean(values: Float64Array, window: number): Float64Array {
  const means = new Float64Array(values.length);
  let next = 0;
  while (next < values.length) next = meansOfRun(values, window, means, next);
  return means;
}

/**
 * Fills in the means from `start` to the next NaN or the end; returns where to go on. Each step adds what comes in less what goes out.
 * The rounding errors of both operations are caught exactly (TwoSum: Knuth, The Art of Computer Programming 2, section 4.2.2) and
 * summed beside: sum and rest together are the exact sum of the window as long as its numbers span fewer than about 100 bits, which
 * prices do. So a mean depends on its window only, not on where the column starts.
 */
function meansOfRun(values: Float64Array, window: number, means: Float64Array, start: number): number {
  let sum = 0;
  let rest = 0;
  let i = start;
  for (; i < values.length; i++) {
    const added = values[i]!;
    if (Number.isNaN(added)) break;
    let removed = 0;
    if (i - start >= window) removed = values[i - window]!;
    const step = added - removed;
    const stepPart = added - step;
    const stepRest = added - (step + stepPart) + (stepPart - removed);
    const moved = sum + step;
    const movedPart = moved - sum;
    rest += sum - (moved - movedPart) + (step - movedPart) + stepRest;
    sum = moved;
    means[i] = (sum + rest) / window;
  }
  // Written afterwards, because a choice inside the loop would triple its time.
  means.fill(NaN, start, Math.min(i, start + window - 1));
  means.fill(NaN, i, i + 1);
  return i + 1;
}
