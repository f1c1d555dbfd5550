import type { QualityCheck } from '../../shared/data-quality.ts';

/** Bars of a symbol that a check found. */
export interface Flaw {
  check: QualityCheck;
  count: number;
  /** Time of the first of them, ms. */
  first: number;
  /** What it is, for people; without symbol and count. */
  text: string;
}
