import type { Bars } from '../shared/bars.ts';
import type { DataSpec } from '../shared/spec.ts';
import type { SourceInfo, SymbolInfo } from '../shared/dataset.ts';

/** Where bars come from. */
export interface BarSource {
  /** The name in `spec.data.source`. */
  readonly name: string;
  /** Changes whenever the same request may give other bars: part of the name under which a dataset is cached. */
  readonly version: string;
  describe(): SourceInfo;
  symbols(): Promise<SymbolInfo[]>;
  /** How many bars each symbol will have at most; checks the request without reading everything. Fails with `unknown_symbol`, `no_data`. */
  estimate(spec: DataSpec): Promise<number>;
  /** The bars of `spec.symbols`, in that order, sorted and free of duplicates. Fails with `unknown_symbol`, `no_data`, `bad_data`. */
  fetch(spec: DataSpec, signal: AbortSignal): Promise<Bars[]>;
}
