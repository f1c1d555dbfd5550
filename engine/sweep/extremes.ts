/** Bars of one group, as a power of two. */
const SHIFT = 4;
const LAST = (1 << SHIFT) - 1;

/**
 * The largest value of any range [from, to) of a column that is not empty. Within its group, each bar knows the largest value up to it and the
 * largest from it on: so a range is two of those, and the groups between.
 */
export function createLargest(values: Float64Array): (from: number, to: number) => number {
  const upTo = values.slice();
  const fromOn = values.slice();
  for (let i = 1; i < values.length; i++) if ((i & LAST) !== 0) upTo[i] = Math.max(upTo[i]!, upTo[i - 1]!);
  for (let i = values.length - 2; i >= 0; i--) if ((i & LAST) !== LAST) fromOn[i] = Math.max(fromOn[i]!, fromOn[i + 1]!);
  const whole = Float64Array.from({ length: values.length >>> SHIFT }, (_, group) => fromOn[group << SHIFT]!);

  return (from, to) => {
    const last = to - 1;
    const first = from >>> SHIFT;
    const end = last >>> SHIFT;
    if (first === end) return largestOf(values, from, to);
    let largest = Math.max(fromOn[from]!, upTo[last]!);
    for (let group = first + 1; group < end; group++) largest = Math.max(largest, whole[group]!);
    return largest;
  };
}

function largestOf(values: Float64Array, from: number, to: number): number {
  let largest = -Infinity;
  for (let i = from; i < to; i++) largest = Math.max(largest, values[i]!);
  return largest;
}
