import { toColumns } from './columns.ts';
import type { SourceNoteStore } from './source-notes.ts';
import type { Call } from './supabase-calls.ts';

/** What of a store is about the sources of everyone. */
export function sourceNoteIntents(call: Call): SourceNoteStore {
  return {
    keepCoverage: async (note) => void (await call('keep_coverage', { note: toColumns(note) })),
    keepChecks: async (checks) => void (await call('keep_checks', { checks: checks.map(toColumns) })),
    sourceNotes: () => call('source_notes'),
    symbolChecks: (source, version) => call('symbol_checks', { source, version }),
  };
}
