import { BLOCK, CompensatedSum } from '../compensated-sum.ts';

/** How many returns there are, their mean, and Σ(r - mean)². */
export interface Spread {
  count: number;
  /** NaN without returns. */
  mean: number;
  squares: number;
}

/** A return is a quotient near 1 less one: what it varies by less than this is how the quotient was rounded. */
const ROUNDING = 1e-15;

/** What {@link ReturnSums} go on from, beside their number. */
export const RETURN_SUMS = ['shift', 'sum', 'sumRest', 'squares', 'squaresRest', 'blockSum', 'blockSquares'] as const;

/**
 * Mean and variance of returns as they come, in one pass: sums of the deviations from the first return and of their squares. Taken from a value of the same size,
 * little cancels, and equal returns give exactly 0. How they were cut into calls does not show, so that a run can go on where another ended.
 */
export class ReturnSums {
  #count: number;
  #shift: number;
  readonly #sum: CompensatedSum;
  readonly #squares: CompensatedSum;
  /** Of the last block, which is not full yet. */
  #blockSum: number;
  #blockSquares: number;

  /** `parts` by {@link RETURN_SUMS}, of so many returns. */
  constructor(count = 0, parts: ArrayLike<number> = [0, 0, 0, 0, 0, 0, 0]) {
    this.#count = count;
    this.#shift = parts[0]!;
    this.#sum = new CompensatedSum(parts[1], parts[2]);
    this.#squares = new CompensatedSum(parts[3], parts[4]);
    this.#blockSum = parts[5]!;
    this.#blockSquares = parts[6]!;
  }

  addAll(returns: Float64Array): void {
    if (this.#count === 0 && returns.length > 0) this.#shift = returns[0]!;
    const shift = this.#shift;
    for (let start = 0; start < returns.length;) {
      const end = Math.min(returns.length, start + BLOCK - (this.#count % BLOCK));
      let sum = this.#blockSum;
      let squares = this.#blockSquares;
      for (let i = start; i < end; i++) {
        const deviation = returns[i]! - shift;
        sum += deviation;
        squares += deviation * deviation;
      }
      this.#count += end - start;
      start = end;
      const isFull = this.#count % BLOCK === 0;
      if (isFull) {
        this.#sum.add(sum);
        this.#squares.add(squares);
      }
      this.#blockSum = isFull ? 0 : sum;
      this.#blockSquares = isFull ? 0 : squares;
    }
  }

  /** By {@link RETURN_SUMS}. */
  parts(): number[] {
    return [this.#shift, ...this.#sum.parts, ...this.#squares.parts, this.#blockSum, this.#blockSquares];
  }

  spread(): Spread {
    const count = this.#count;
    if (count === 0) return { count, mean: NaN, squares: 0 };
    const sum = this.#sum.value + this.#blockSum;
    const squares = this.#squares.value + this.#blockSquares - (sum * sum) / count;
    return { count, mean: this.#shift + sum / count, squares: squares <= count * ROUNDING * ROUNDING ? 0 : squares };
  }
}
