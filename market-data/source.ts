import type { CorporateActions } from '../shared/bars.ts';
import type { DatasetOrigin, SourceInfo, SymbolInfo } from '../shared/dataset.ts';
import type { DataSpec } from '../shared/spec.ts';
import type { BarBlock } from './time-chunks.ts';

/** Where bars come from. */
export interface BarSource {
  /** The name in `spec.data.source`. */
  readonly name: string;
  /** Changes whenever the same request may give other bars, actions or members: part of the name under which a dataset is cached. */
  readonly version: string;
  /** `universes` names what {@link BarSource.universe} knows. */
  describe(): SourceInfo;
  symbols(): Promise<SymbolInfo[]>;
  /** All symbols, for a list that shows what each source covers; null where looking would cost more than it may unasked. Absent where it always would. */
  glance?(): Promise<readonly SymbolInfo[] | null>;
  /** How many bars each symbol will have at most; checks the request without reading everything. Fails with `unknown_symbol`, `no_data`. */
  estimate(spec: DataSpec): Promise<number>;
  /**
   * The bars of `spec.symbols` in blocks in the order of time: each block has every symbol, in the order of the request, perhaps with no bars, and all
   * its bars open after those of the blocks before. A source that has all bars at once gives one block; one that may give more than fits into memory
   * gives a few megabytes at a time. A block stays as it is until the next but one is asked for, and may be written over then: whoever keeps it for longer copies
   * it. Bars are given as they are, faults and all: what is to be done about bars that are unsorted or there twice within a block,
   * and about prices that cannot be, is up to `spec.quality`. Fails with `unknown_symbol`, `no_data`, `bad_data`.
   *
   * A source without {@link BarSource.actions} adjusts by `spec.adjust` itself, and gives what the prices do not contain as `actions` of the first block. One
   * that has it gives bars as they were traded, without actions.
   */
  fetch(spec: DataSpec, signal: AbortSignal, reading?: Reading): AsyncIterable<BarBlock>;
  /** For data that change: what changes with them, as part of the name under which a dataset is cached. May be a minute old. */
  revision?(): Promise<string>;
  /** What fetching the bars would cost, without reading them; absent where that is free. */
  quote?(spec: DataSpec): Promise<ScanQuote>;
  /** All splits and dividends that are known of these symbols, whenever they were, at midnight UTC of their ex dates; a symbol without any may be left out. */
  actions?(symbols: readonly string[], signal: AbortSignal, reading?: Reading): Promise<ReadonlyMap<string, CorporateActions>>;
  /**
   * Who belonged to a universe at which times: all members ever, also those that are not traded any more. Several entries for whoever left and came
   * back. Fails with `not_found` for a name that `describe().universes` does not have. Asked for whenever a run is accepted, so a source with slow tables keeps
   * the answer for a while.
   */
  universe?(name: string, signal: AbortSignal, reading?: Reading): Promise<readonly UniverseMember[]>;
}

/** A membership from the day `from` on, up to but not including `to` (Infinity: still): midnight UTC, in ms. */
export interface UniverseMember {
  symbol: string;
  from: number;
  to: number;
}

/** The price of a fetch from a metered source. */
export interface ScanQuote {
  /** The same for the same request on the same data, so that a repeated fetch is booked once. */
  key: string;
  bytes: number;
  /** USD. */
  cost: number;
  caps: { perRunBytes: number; perOwnerDayBytes: number };
}

/** One fetch from a metered source, over all its tries. */
export interface Reading {
  /** When it was first asked for (ms): each try reads the data as they were then, as far as the source can. */
  at: number;
  /** Takes notes; bytes add up. */
  note(origin: DatasetOrigin): void;
}
