import { sharedColumn } from './shared-column.ts';

/** Simple moving average: the mean of the last `window` values; NaN before there are so many, and while one of them is NaN. */
export function sma(values: Float64Array, window: number): Float64Array {
  return sharedColumn(values, `sma ${window}`, () => slidingMean(values, window));
}

/**
 * One addition and one subtraction a bar, whose rounding errors are caught exactly (TwoSum: Knuth, The Art of Computer Programming 2,
 * section 4.2.2) and summed beside. Sum and rest together are the exact sum of the window as long as its numbers span fewer than
 * about 100 bits, which prices do. So a value depends on its window only: not on where the column starts, nor on what follows.
 */
function slidingMean(values: Float64Array, window: number): Float64Array {
  const means = new Float64Array(values.length);
  let sum = 0;
  let rest = 0;
  let run = 0;
  for (let i = 0; i < values.length; i++) {
    const added = values[i]!;
    if (Number.isNaN(added)) {
      sum = rest = run = 0;
      means[i] = NaN;
      continue;
    }
    const grown = sum + added;
    const addedPart = grown - sum;
    rest += sum - (grown - addedPart) + (added - addedPart);
    sum = grown;
    run++;
    if (run > window) {
      const removed = -values[i - window]!;
      const shrunk = sum + removed;
      const removedPart = shrunk - sum;
      rest += sum - (shrunk - removedPart) + (removed - removedPart);
      sum = shrunk;
    }
    means[i] = run < window ? NaN : (sum + rest) / window;
  }
  return means;
}
