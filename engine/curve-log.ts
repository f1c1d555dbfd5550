import { createColumnLog, type ColumnLog } from './columns.ts';

/** Points of the equity curve; their times are those of the bars. */
export type CurveLog = ColumnLog<'equity' | 'cash' | 'exposure'>;

export function createCurveLog(): CurveLog {
  return createColumnLog(['equity', 'cash', 'exposure']);
}

/** Equity of the last point. */
export function lastEquity({ columns, length }: CurveLog): number {
  return columns.equity[length - 1]!;
}

/** Makes the last point one of cash only. */
export function settleLast({ columns, length }: CurveLog, cash: number): void {
  columns.equity[length - 1] = cash;
  columns.cash[length - 1] = cash;
  columns.exposure[length - 1] = 0;
}
