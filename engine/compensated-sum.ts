/**
 * A running sum whose error does not grow with the number of terms: the digits that an addition loses are summed beside.
 * A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, ZAMM 54, 1974. A class, because its fields are
 * changed in place where variables of a closure would be allocated anew with every addition.
 */
export class CompensatedSum {
  #sum = 0;
  #rest = 0;

  add(term: number): void {
    const sum = this.#sum;
    const next = sum + term;
    this.#rest += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    this.#sum = next;
  }

  get value(): number {
    return this.#sum + this.#rest;
  }
}

/** The sum of `of(value)` over all values. */
export function sumOf(values: Float64Array, of: (value: number) => number): number {
  const sum = new CompensatedSum();
  for (let i = 0; i < values.length; i++) sum.add(of(values[i]!));
  return sum.value;
}
