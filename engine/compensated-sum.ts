/**
 * Values that are summed plainly before their sum is added to a compensated one: few enough for plain additions to lose nothing that shows, many
 * enough to make the compensated ones free.
 */
export const BLOCK = 128;

/**
 * A running sum whose error does not grow with the number of terms: the digits that an addition loses are summed beside.
 * A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, ZAMM 54, 1974. A class, because its fields are
 * changed in place where variables of a closure would be allocated anew with every addition.
 */
export class CompensatedSum {
  #sum: number;
  #rest: number;

  /** Goes on from the parts of another one. */
  constructor(sum = 0, rest = 0) {
    this.#sum = sum;
    this.#rest = rest;
  }

  add(term: number): void {
    const sum = this.#sum;
    const next = sum + term;
    this.#rest += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    this.#sum = next;
  }

  /** The same as {@link add} for each of the terms, in a third of the time. */
  addAll(terms: Float64Array): void {
    let sum = this.#sum;
    let rest = this.#rest;
    const { length } = terms;
    for (let i = 0; i < length; i++) {
      const term = terms[i]!;
      const next = sum + term;
      rest += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
      sum = next;
    }
    this.#sum = sum;
    this.#rest = rest;
  }

  /** The sum, and the digits that it has lost. */
  get parts(): [sum: number, rest: number] {
    return [this.#sum, this.#rest];
  }

  get value(): number {
    return this.#sum + this.#rest;
  }
}
