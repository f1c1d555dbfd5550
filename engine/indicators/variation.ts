import { EMPTY_SUM, slidingProducts, spreads, type SumMemory, type Sums } from './sliding-sums.ts';
import type { Window } from './window.ts';

export interface VariationMemory {
  readonly squares: SumMemory;
  /** How many values in a row were equal to the last one, it included; the window's length at most. */
  readonly equal: number;
}

export const NO_VARIATION: VariationMemory = { squares: EMPTY_SUM, equal: 0 };

/** bars² times the variance at each bar of a window, exactly 0 where all values are equal. `sums` are those of the values. */
export function variations(
  memory: VariationMemory,
  values: Float64Array,
  window: Window,
  sums: Sums,
): { readonly variation: Float64Array; readonly memory: VariationMemory } {
  const { from, to, bars, before } = window;
  const squares = slidingProducts(memory.squares, [values, values], window);
  const variation = spreads(bars, squares, sums, sums);
  let { equal } = memory;
  for (let i = from; i < to; i++) {
    const same = (i > from || before > 0) && values[i]! === values[i - 1]!;
    equal = same ? Math.min(bars, equal + 1) : 1;
    // Told by counting, because the squares that left may leave a trace above or below 0.
    if (equal === bars || variation[i - from]! < 0) variation[i - from] = 0;
  }
  return { variation, memory: { squares: squares.memory, equal } };
}
