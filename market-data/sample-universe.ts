import type { Bars } from '../shared/bars.ts';
import type { UniverseMember } from './source.ts';

/** The universe of the bundled sample. */
export const MOST_TRADED = 'most-traded';
/** Members at a time. */
const MEMBERS = 3;

/**
 * The shares with the greatest traded value (close times volume, both as traded) of each year are the members of the next one: known when it begins, and
 * another list nearly every year. The first year has none.
 */
export function mostTraded(all: readonly Bars[]): UniverseMember[] {
  const values = new Map<number, { symbol: string; value: number }[]>();
  for (const bars of all) {
    for (const [year, value] of valuesByYear(bars)) values.set(year, [...(values.get(year) ?? []), { symbol: bars.symbol, value }]);
  }
  return [...values].flatMap(([year, each]) =>
    each
      .toSorted((a, b) => b.value - a.value)
      .slice(0, MEMBERS)
      .map(({ symbol }) => ({ symbol, from: Date.UTC(year + 1, 0, 1), to: Date.UTC(year + 2, 0, 1) })),
  );
}

function valuesByYear({ ts, close, volume }: Bars): Map<number, number> {
  const values = new Map<number, number>();
  for (let i = 0; i < ts.length; i++) {
    const year = new Date(ts[i]!).getUTCFullYear();
    values.set(year, (values.get(year) ?? 0) + close[i]! * volume[i]!);
  }
  return values;
}
