import type { SourceInfo, SymbolInfo } from './dataset.ts';

/** What a source had when it was last asked. `version` is that of its configuration: notes of another one say nothing of it. */
export interface CoverageNote {
  source: string;
  version: string;
  coverage: NonNullable<SourceInfo['coverage']>;
  /** Milliseconds since 1970 UTC. */
  at: number;
}

/** What was found in the bars of a symbol when a run last fetched them. */
export interface SymbolCheck {
  source: string;
  version: string;
  symbol: string;
  quality: NonNullable<SymbolInfo['quality']>;
  /** Milliseconds since 1970 UTC. */
  at: number;
}

/** The checks of a source, counted. */
export interface CheckedSymbols {
  source: string;
  version: string;
  symbols: number;
  /** Symbols of which something was found. */
  flawed: number;
  /** Of the last one, in milliseconds since 1970 UTC. */
  at: number;
}
