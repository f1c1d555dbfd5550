import type { CheckedSymbols, CoverageNote, SymbolCheck } from '../shared/source-notes.ts';

/** What of a row store is about the sources of everyone; each method is one transaction. A note takes the place of an older one. */
export interface SourceNoteStore {
  keepCoverage(note: CoverageNote): Promise<void>;
  /** Of any number of symbols; each of them once. */
  keepChecks(checks: readonly SymbolCheck[]): Promise<void>;
  /** In the order of the sources. Perhaps with several versions of one. */
  sourceNotes(): Promise<{ coverages: CoverageNote[]; checked: CheckedSymbols[] }>;
  /** In the order of the symbols. */
  symbolChecks(source: string, version: string): Promise<SymbolCheck[]>;
}
