import type { LedgerPage, LedgerSums } from './ledger.ts';

/** What a row of the ledger holds; null where the page is not there. */
export interface LedgerRow {
  trials: number;
  ratios: number;
  /** Of the ratios, and of their squares. */
  sum: number;
  squares: number;
}

export function toLedgerSums(row: LedgerRow | null): LedgerSums {
  const { trials, ratios, sum, squares } = row ?? { trials: 0, ratios: 0, sum: 0, squares: 0 };
  const mean = sum / ratios;
  return { trials, ratios, mean, variance: ratios > 1 ? Math.max(0, squares - sum * mean) / (ratios - 1) : NaN };
}

/** The symbols of a page as a column keeps them: in one order. */
export function symbolsColumn({ symbols }: LedgerPage): string {
  return JSON.stringify(symbols.toSorted());
}
