import { SlidingSum, type SumMemory } from './sliding-sum.ts';

interface WindowMemory {
  readonly count: number;
  readonly plain: SumMemory;
  readonly weighted: SumMemory;
}

/** The sums over the last `bars` values, plain and with the weights 1 for the oldest to `bars` for the latest. */
export class WeightedWindow {
  readonly plain: SlidingSum;
  readonly weighted: SlidingSum;
  readonly #bars: number;
  #count: number;

  constructor({ count, plain, weighted }: WindowMemory, bars: number) {
    this.#bars = bars;
    this.#count = count;
    this.plain = new SlidingSum(plain);
    this.weighted = new SlidingSum(weighted);
  }

  get full(): boolean {
    return this.#count === this.#bars;
  }

  get memory(): WindowMemory {
    return { count: this.#count, plain: this.plain.memory, weighted: this.weighted.memory };
  }

  /** Takes in values[i], the value that follows the last one taken. Every weight before it falls by one: by the plain sum in all. */
  take(values: Float64Array, i: number): void {
    const value = values[i]!;
    if (this.#count < this.#bars) {
      this.#count++;
      this.weighted.slideProduct(this.#count, value, 0, 0);
      this.plain.slide(value, 0);
    } else {
      this.weighted.addProductLess(this.#bars, value, this.plain);
      this.plain.slide(value, values[i - this.#bars]!);
    }
  }
}
