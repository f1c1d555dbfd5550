/** How large the moves of a price usually are, from a histogram: flat memory, and the same whatever the blocks. */
export interface MoveScale {
  /** A relative move, 0 or more. Moves of 0 are left out: bars without a trade say nothing of how far prices go. */
  add(move: number): void;
  /** The relative move that lies `deviations` robust standard deviations of the log returns away; 0 without moves. */
  beyond(deviations: number): number;
}

/** Moves between 2^-20 (a millionth) and 2^12, in 32 steps for each doubling: known to 3 %. */
const LOWEST = 1023 - 20;
const DOUBLINGS = 32;
const STEPS = 32;
/** Of the high half of a double: what is below its exponent and the five bits that name one of 32 steps. */
const SHIFT = 15;
/** Median of |x| to standard deviation of x, of a normal distribution. */
const NORMAL = 1.4826;

export function createMoveScale(): MoveScale {
  const counts = new Uint32Array(DOUBLINGS * STEPS);
  const word = new Float64Array(1);
  const halves = new Uint32Array(word.buffer);
  let total = 0;

  /** Upper edge of the step that holds the median. */
  function median(): number {
    let below = 0;
    const step = counts.findIndex((count) => (below += count) * 2 >= total);
    halves[0] = 0;
    halves[1] = (LOWEST * STEPS + step + 1) << SHIFT;
    return word[0]!;
  }

  return {
    add(move) {
      if (!(move > 0)) return;
      word[0] = move;
      const step = (halves[1]! >>> SHIFT) - LOWEST * STEPS;
      counts[step < 0 ? 0 : step >= counts.length ? counts.length - 1 : step]!++;
      total++;
    },
    beyond: (deviations) => (total === 0 ? 0 : Math.exp(deviations * NORMAL * Math.log(1 + median())) - 1),
  };
}
