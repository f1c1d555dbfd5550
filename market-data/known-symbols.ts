import type { SymbolInfo } from '../shared/dataset.ts';
import { HoldfastError, type Fault } from '../shared/errors.ts';
import type { DataSpec } from '../shared/spec.ts';
import { didYouMean } from './did-you-mean.ts';
import { timeRange } from './range.ts';

/** Fails with `unknown_symbol` or `no_data` and every fault at once, where a source lacks a symbol of a request, or bars of it in its range. */
export function refuseUnknown(name: string, { symbols, from, to }: DataSpec, infos: readonly SymbolInfo[]): void {
  const known = new Map(infos.map((info) => [info.symbol, info]));
  const { start, end } = timeRange({ from, to });
  const faults = symbols.flatMap((symbol, index): Fault[] => {
    const path = `data.symbols.${index}`;
    const info = known.get(symbol);
    if (info === undefined)
      return [{ path, message: `"${symbol}" is not in the source "${name}". ${didYouMean(symbol, [...known.keys()])}` }];
    const covered = timeRange(info);
    return covered.start < end && covered.end > start
      ? []
      : [{ path, message: `"${symbol}" has no bars in this range, only from ${info.from} to ${info.to}` }];
  });
  if (faults.length === 0) return;
  const text = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new HoldfastError(symbols.some((symbol) => !known.has(symbol)) ? 'unknown_symbol' : 'no_data', text, { faults });
}
