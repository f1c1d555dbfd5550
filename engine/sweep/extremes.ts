import { sharedColumns } from '../indicators/shared-columns.ts';

/** Bars of one group, as a power of two. */
const SHIFT = 4;
const LAST = (1 << SHIFT) - 1;

/** Finds the highest and the lowest value of a range of a column. */
export interface Extremes {
  /** Of the range that was looked at last. */
  highest: number;
  lowest: number;
  /** Looks at [from, to), which must not be empty. */
  look(from: number, to: number): void;
}

/**
 * Within its group, each bar knows the extremes up to it and those from it on: a range is two of these, and the groups between. Highest and lowest lie
 * side by side, because nearly every look misses the processor's cache.
 */
export function createExtremes(values: Float64Array): Extremes {
  const [upTo, fromOn] = sharedColumns([values], 'extremes', {
    count: 2,
    length: 2 * values.length,
    fill: ([up, on]) => fillWithin(values, up!, on!),
  }) as [Float64Array, Float64Array];

  return {
    highest: NaN,
    lowest: NaN,
    look(from, to) {
      const last = to - 1;
      const first = from >>> SHIFT;
      const end = last >>> SHIFT;
      const isOne = first === end;
      let highest = isOne ? values[from]! : Math.max(fromOn[2 * from]!, upTo[2 * last]!);
      let lowest = isOne ? values[from]! : Math.min(fromOn[2 * from + 1]!, upTo[2 * last + 1]!);
      for (let i = from + 1; isOne && i < to; i++) {
        highest = Math.max(highest, values[i]!);
        lowest = Math.min(lowest, values[i]!);
      }
      for (let group = first + 1; group < end; group++) {
        highest = Math.max(highest, fromOn[group << (SHIFT + 1)]!);
        lowest = Math.min(lowest, fromOn[(group << (SHIFT + 1)) + 1]!);
      }
      this.highest = highest;
      this.lowest = lowest;
    },
  };
}

function fillWithin(values: Float64Array, upTo: Float64Array, fromOn: Float64Array): void {
  for (let i = 0; i < values.length; i++) upTo[2 * i] = upTo[2 * i + 1] = fromOn[2 * i] = fromOn[2 * i + 1] = values[i]!;
  for (let i = 1; i < values.length; i++) if ((i & LAST) !== 0) widen(upTo, i, i - 1);
  for (let i = values.length - 2; i >= 0; i--) if ((i & LAST) !== LAST) widen(fromOn, i, i + 1);
}

/** Takes the extremes of a neighbour into those of bar `i`. */
function widen(pairs: Float64Array, i: number, neighbour: number): void {
  pairs[2 * i] = Math.max(pairs[2 * i]!, pairs[2 * neighbour]!);
  pairs[2 * i + 1] = Math.min(pairs[2 * i + 1]!, pairs[2 * neighbour + 1]!);
}
