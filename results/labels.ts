import type { RunQuery } from './runs.ts';

/** What runs are found by, beside their columns. */
export const symbolLabel = (symbol: string): string => `symbol:${symbol}`;
export const tagLabel = (tag: string): string => `tag:${tag}`;

/** The labels that a run must have to be in a list. */
export function labelsOf({ symbol, tag }: RunQuery): string[] {
  return [...(symbol === undefined ? [] : [symbolLabel(symbol)]), ...(tag === undefined ? [] : [tagLabel(tag)])];
}
