/** What a reader must know of a figure. Formulas in words; the code that computes it says the same. */
export interface MetricInfo {
  title: string;
  /** `fraction`: 0.12 is 12 %. `days`: calendar days. `money`: account currency. */
  unit: 'fraction' | 'ratio' | 'days' | 'count' | 'money';
  /** Whether it is stated a year. */
  annualised: boolean;
  formula: string;
  /** Where the formula comes from; empty where it is plain arithmetic. */
  source: string;
  /** Which direction is good; null where neither is. */
  better: 'higher' | 'lower' | null;
  /** Never null, whatever the run. */
  always?: true;
}
