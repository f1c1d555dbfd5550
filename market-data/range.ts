import type { DataSpec } from '../shared/spec.ts';

const DAY_MS = 86_400_000;
/** The last moment a `Date` can name, either way from 1970. */
export const LAST_TIME = 8.64e15;
const IS_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The half-open range of times [start, end) in ms that `from` and `to` ask for: dates are inclusive UTC days, an ending timestamp is exclusive. */
export function timeRange({ from, to }: Pick<DataSpec, 'from' | 'to'>): { start: number; end: number } {
  const start = from === undefined ? -Infinity : Date.parse(from);
  if (to === undefined) return { start, end: Infinity };
  return { start, end: Date.parse(to) + (IS_DATE.test(to) ? DAY_MS : 0) };
}
