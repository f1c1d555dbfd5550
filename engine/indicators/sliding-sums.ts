import { firstFull, type Window } from './window.ts';

/** A sum and the digits that it lost, as kept between stretches. */
export interface SumMemory {
  readonly sum: number;
  readonly rest: number;
}

export const EMPTY_SUM: SumMemory = { sum: 0, rest: 0 };

/** The sum over a window at each of its bars: `sum` is it rounded, `rest` what the rounding lost. */
export interface Sums {
  readonly sum: Float64Array;
  readonly rest: Float64Array;
  readonly memory: SumMemory;
}

/**
 * Sums over a window that slides: what comes in is added, what goes out is taken away. The rounding errors of all steps are caught
 * exactly (TwoSum: Knuth, The Art of Computer Programming 2, section 4.2.2) and summed beside, so they do not drift and what has left
 * leaves no trace. As long as the values span fewer than about 100 bits, which prices do, sum and rest together are exact.
 */
export function slidingSums(memory: SumMemory, values: Float64Array, window: Window): Sums {
  const { from, to, bars } = window;
  const full = firstFull(window);
  const sum = new Float64Array(to - from);
  const rest = new Float64Array(to - from);
  sum.set(values.subarray(from, full));
  for (let i = full; i < to; i++) {
    const added = values[i]!;
    const removed = values[i - bars]!;
    const step = added - removed;
    sum[i - from] = step;
    rest[i - from] = differenceError(added, removed, step);
  }
  return accumulate(memory, sum, rest);
}

/** The same of the products x × y, whose rounding errors are caught too. */
export function slidingProducts(memory: SumMemory, [x, y]: readonly [Float64Array, Float64Array], window: Window): Sums {
  const { from, to, bars } = window;
  const full = firstFull(window);
  const sum = new Float64Array(to - from);
  const rest = new Float64Array(to - from);
  for (let i = from; i < full; i++) {
    const added = x[i]! * y[i]!;
    sum[i - from] = added;
    rest[i - from] = productError(x[i]!, y[i]!, added);
  }
  for (let i = full; i < to; i++) {
    const added = x[i]! * y[i]!;
    const removed = x[i - bars]! * y[i - bars]!;
    const step = added - removed;
    const lost = productError(x[i]!, y[i]!, added) - productError(x[i - bars]!, y[i - bars]!, removed);
    sum[i - from] = step;
    rest[i - from] = differenceError(added, removed, step) + lost;
  }
  return accumulate(memory, sum, rest);
}

/**
 * The same of the values with the weights 1 for the oldest to `bars` for the latest. Once the window is full each weight falls by one with
 * every bar: by the plain sum in all.
 * @param last The plain sum before the first bar of the window.
 */
export function weightedSums(
  memory: SumMemory,
  values: Float64Array,
  window: Window,
  { last, plain }: { last: SumMemory; plain: Sums },
): Sums {
  const { from, to, bars, before } = window;
  const full = firstFull(window);
  const sum = new Float64Array(to - from);
  const rest = new Float64Array(to - from);
  for (let i = from; i < to; i++) {
    const weight = i < full ? before + i - from + 1 : bars;
    const added = weight * values[i]!;
    sum[i - from] = added;
    rest[i - from] = productError(weight, values[i]!, added);
  }
  let { sum: lastSum, rest: lastRest } =
    full === from ? handedOut(last) : { sum: plain.sum[full - from - 1]!, rest: plain.rest[full - from - 1]! };
  for (let k = full - from; k < to - from; k++) {
    const added = sum[k]!;
    const step = added - lastSum;
    sum[k] = step;
    rest[k] = rest[k]! + differenceError(added, lastSum, step) - lastRest;
    lastSum = plain.sum[k]!;
    lastRest = plain.rest[k]!;
  }
  return accumulate(memory, sum, rest);
}

function handedOut({ sum, rest }: SumMemory): SumMemory {
  const rounded = sum + rest;
  return { sum: rounded, rest: differenceError(sum, -rest, rounded) };
}

/** Turns steps, and what they lost, into sums: in place. */
function accumulate(memory: SumMemory, sum: Float64Array, rest: Float64Array): Sums {
  let { sum: total, rest: lost } = memory;
  for (let k = 0; k < sum.length; k++) {
    const step = sum[k]!;
    const moved = total + step;
    const part = moved - total;
    lost += total - (moved - part) + (step - part) + rest[k]!;
    total = moved;
    // Handed out with all that fits in the first number. Doing so to the running pair as well would only make the next step wait.
    const rounded = moved + lost;
    rest[k] = differenceError(moved, -lost, rounded);
    sum[k] = rounded;
  }
  return { sum, rest, memory: { sum: total, rest: lost } };
}

/** count × the sums of x × y - the sums of x × the sums of y, rounded about once however much of it cancels. */
export function spreads(count: number, products: Sums, x: Sums, y: Sums): Float64Array {
  const out = new Float64Array(products.sum.length);
  for (let k = 0; k < out.length; k++) {
    const ofProducts = products.sum[k]!;
    const ofX = x.sum[k]!;
    const ofY = y.sum[k]!;
    const first = count * ofProducts;
    const second = ofX * ofY;
    const firstRest = productError(count, ofProducts, first) + count * products.rest[k]!;
    const secondRest = productError(ofX, ofY, second) + ofX * y.rest[k]! + x.rest[k]! * ofY;
    out[k] = first - second + (firstRest - secondRest);
  }
  return out;
}

/** What `difference`, which is a - b rounded, lost. */
export function differenceError(a: number, b: number, difference: number): number {
  const part = a - difference;
  return a - (difference + part) + (part - b);
}

/** What `product`, which is a × b rounded, lost: T. J. Dekker, Numerische Mathematik 18, 1971. */
export function productError(a: number, b: number, product: number): number {
  const aHigh = highHalf(a);
  const aLow = a - aHigh;
  const bHigh = highHalf(b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** The 26 leading bits: 2^27 + 1 times the value pushes the others out. */
function highHalf(value: number): number {
  const shifted = 134_217_729 * value;
  return shifted - (shifted - value);
}
