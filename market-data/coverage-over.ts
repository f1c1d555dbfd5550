import type { SourceInfo, SymbolInfo } from '../shared/dataset.ts';

/** What these symbols cover together; null for none. */
export function coverageOver(symbols: readonly SymbolInfo[]): NonNullable<SourceInfo['coverage']> | null {
  // Dates as text are in the order of time.
  const from = symbols.flatMap((info) => info.from ?? []).toSorted();
  const to = symbols.flatMap((info) => info.to ?? []).toSorted();
  if (from.length === 0 || to.length === 0) return null;
  return { symbols: symbols.length, from: from[0]!, to: to.at(-1)!, bars: symbols.reduce((sum, { bars }) => sum + (bars ?? 0), 0) };
}
