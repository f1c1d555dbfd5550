import { EMPTY_SUM, productDifference, SlidingSum, type SumMemory } from './sliding-sum.ts';

interface PairMemory {
  readonly count: number;
  readonly equalX: number;
  readonly equalY: number;
  /** Of x, y, x², y² and x × y. */
  readonly sums: readonly SumMemory[];
}

export const EMPTY_PAIRS: PairMemory = { count: 0, equalX: 0, equalY: 0, sums: [EMPTY_SUM, EMPTY_SUM, EMPTY_SUM, EMPTY_SUM, EMPTY_SUM] };

/** How the last `bars` values of two columns vary, alone and together. All three figures are bars² times the variance or covariance. */
export class PairWindow {
  readonly #bars: number;
  readonly #size: SlidingSum;
  readonly #x: SlidingSum;
  readonly #y: SlidingSum;
  readonly #xx: SlidingSum;
  readonly #yy: SlidingSum;
  readonly #xy: SlidingSum;
  #count: number;
  #equalX: number;
  #equalY: number;

  constructor({ count, equalX, equalY, sums }: PairMemory, bars: number) {
    this.#bars = bars;
    this.#size = new SlidingSum([bars, 0]);
    [this.#x, this.#y, this.#xx, this.#yy, this.#xy] = sums.map((sum) => new SlidingSum(sum)) as [
      SlidingSum,
      SlidingSum,
      SlidingSum,
      SlidingSum,
      SlidingSum,
    ];
    this.#count = count;
    this.#equalX = equalX;
    this.#equalY = equalY;
  }

  get full(): boolean {
    return this.#count === this.#bars;
  }

  get memory(): PairMemory {
    return {
      count: this.#count,
      equalX: this.#equalX,
      equalY: this.#equalY,
      sums: [this.#x, this.#y, this.#xx, this.#yy, this.#xy].map((sum) => sum.memory),
    };
  }

  /** Takes in x[i] and y[i], which follow the last ones taken. */
  take(x: Float64Array, y: Float64Array, i: number): void {
    const full = this.full;
    const [inX, inY] = [x[i]!, y[i]!];
    const outX = full ? x[i - this.#bars]! : 0;
    const outY = full ? y[i - this.#bars]! : 0;
    this.#equalX = this.#count > 0 && inX === x[i - 1]! ? this.#equalX + 1 : 1;
    this.#equalY = this.#count > 0 && inY === y[i - 1]! ? this.#equalY + 1 : 1;
    if (!full) this.#count++;
    this.#x.slide(inX, outX);
    this.#y.slide(inY, outY);
    this.#xx.slideProduct(inX, inX, outX, outX);
    this.#yy.slideProduct(inY, inY, outY, outY);
    this.#xy.slideProduct(inX, inY, outX, outY);
  }

  /** 0 where all are equal, which is told by counting: what the squares leave behind may be a trace above 0. */
  get variationX(): number {
    return this.#equalX >= this.#bars ? 0 : Math.max(0, productDifference(this.#size, this.#xx, this.#x, this.#x));
  }

  get variationY(): number {
    return this.#equalY >= this.#bars ? 0 : Math.max(0, productDifference(this.#size, this.#yy, this.#y, this.#y));
  }

  get covariation(): number {
    return productDifference(this.#size, this.#xy, this.#x, this.#y);
  }
}
