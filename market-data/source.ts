import type { DataSpec } from '../shared/spec.ts';
import type { SourceInfo, SymbolInfo } from '../shared/dataset.ts';
import type { BarBlock } from './time-chunks.ts';

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
  /**
   * The bars of `spec.symbols` in blocks in the order of time: each block has every symbol, in the order of the request, perhaps with no bars, and all
   * its bars open after those of the blocks before. Within a block each symbol is sorted and free of duplicates. A source that has all bars at once
   * gives one block; one that may give more than fits into memory gives a few megabytes at a time. Splits and dividends come with the first block, all of them. Fails with `unknown_symbol`, `no_data`, `bad_data`.
   */
  fetch(spec: DataSpec, signal: AbortSignal): AsyncIterable<BarBlock>;
}
