/** A running sum whose error does not grow with the number of terms. */
export interface CompensatedSum {
  add(term: number): void;
  value(): number;
}

/** A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, ZAMM 54 (1974): the lost digits are summed beside. */
export function createSum(): CompensatedSum {
  let sum = 0;
  let rest = 0;
  return {
    add(term) {
      const next = sum + term;
      rest += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
      sum = next;
    },
    value: () => sum + rest,
  };
}

/** The sum of `of(value)` over all values. */
export function sumOf(values: Float64Array, of: (value: number) => number): number {
  const sum = createSum();
  for (let i = 0; i < values.length; i++) sum.add(of(values[i]!));
  return sum.value();
}
