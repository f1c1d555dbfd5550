import { fromColumns } from './columns.ts';
import type { EndedRun, HistoryStore } from './histories.ts';
import type { Call } from './supabase-calls.ts';

/** What of a store is about histories. */
export function historyIntents(call: Call): HistoryStore {
  return {
    withoutHistory: async (finishedAfter, limit) =>
      (await call<object[]>('without_history', { finished_after: finishedAfter, at_most: limit })).map(fromColumns<EndedRun>),
    keepHistory: async ({ runId, finishedAt }, ref) => void (await call('keep_history', { run_id: runId, finished_at: finishedAt, ref })),
    historyOf: (owner, runId) => call('history_of', { owner, run_id: runId }),
  };
}
