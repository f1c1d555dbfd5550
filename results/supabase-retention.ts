import type { RetentionStore } from './retention.ts';
import type { Call } from './supabase-calls.ts';

/** What of a store is about how long things are kept. */
export function retentionIntents(call: Call): RetentionStore {
  return {
    namingRows: (table, after, limit) => call('naming_rows', { table_name: table, after, at_most: limit }),
    removeFinished: (before, limit) => call('remove_finished', { before, at_most: limit }),
    forget: (owner) => call('forget', { owner }),
  };
}
