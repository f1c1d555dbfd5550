/** A sum and the digits that it lost, as kept between stretches. */
export type SumMemory = readonly [sum: number, rest: number];

export const EMPTY_SUM: SumMemory = [0, 0];

/**
 * A sum in twice the working precision, from which terms are taken out again: the rounding errors of every step are caught exactly
 * (TwoSum: Knuth, The Art of Computer Programming 2, section 4.2.2; products: T. J. Dekker, A floating-point technique for extending the
 * available precision, Numerische Mathematik 18, 1971) and summed beside. So it does not drift, and what has been taken out leaves no
 * trace. As long as the terms span fewer than about 100 bits, which prices do, sum and rest together are the exact sum.
 */
export class SlidingSum {
  sum: number;
  rest: number;

  constructor([sum, rest]: SumMemory) {
    this.sum = sum;
    this.rest = rest;
  }

  get value(): number {
    return this.sum + this.rest;
  }

  get memory(): SumMemory {
    return [this.sum, this.rest];
  }

  /** Takes one term in and another out. */
  slide(added: number, removed: number): void {
    const step = added - removed;
    const stepPart = added - step;
    const stepRest = added - (step + stepPart) + (stepPart - removed);
    const moved = this.sum + step;
    const movedPart = moved - this.sum;
    this.rest += this.sum - (moved - movedPart) + (step - movedPart) + stepRest;
    this.sum = moved;
  }

  /** Takes the product a × b in, and x × y out. */
  slideProduct(a: number, b: number, x: number, y: number): void {
    const added = a * b;
    const removed = x * y;
    this.slide(added, removed);
    this.rest += productError(a, b, added) - productError(x, y, removed);
  }

  /** Takes the product in, and another sum out. */
  addProductLess(a: number, b: number, other: SlidingSum): void {
    const added = a * b;
    this.slide(added, other.sum);
    this.rest += productError(a, b, added) - other.rest;
  }
}

/** a × b - x × y with one rounding, near enough, however much of it cancels. */
export function productDifference(a: SlidingSum, b: SlidingSum, x: SlidingSum, y: SlidingSum): number {
  const first = a.sum * b.sum;
  const second = x.sum * y.sum;
  const firstRest = productError(a.sum, b.sum, first) + a.sum * b.rest + a.rest * b.sum;
  const secondRest = productError(x.sum, y.sum, second) + x.sum * y.rest + x.rest * y.sum;
  return first - second + (firstRest - secondRest);
}

/** What `product`, which is a × b rounded, lost. */
function productError(a: number, b: number, product: number): number {
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
