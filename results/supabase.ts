import { fromColumns, toColumns } from './columns.ts';
import { fold } from './fold.ts';
import { labelsOf } from './labels.ts';
import { newRow } from './new-run.ts';
import type { FullRunRow, RunChange, RunRow, Submitted } from './runs.ts';
import type { ResultStore } from './store.ts';
import { batchIntents } from './supabase-batches.ts';
import { createCalls, type Call } from './supabase-calls.ts';
import { projectionColumns, runColumns } from './supabase-rows.ts';
import { retentionIntents } from './supabase-retention.ts';
import { scanIntents } from './supabase-scans.ts';
import { uploadIntents } from './supabase-uploads.ts';

export interface SupabaseStoreOptions {
  /** Of the project: `https://….supabase.co`. */
  url: string;
  /** `sb_secret_…`, or the older key of the role `service_role`. It reads and writes everything. */
  secretKey: string;
}

type SubmittedJson = { outcome: 'accepted' | 'replayed'; run: object } | { outcome: 'key_reused' };

const BEFORE_ALL = { createdAt: -1, id: '' };

/** The row store in a Supabase project: each intent is one SQL function of supabase/migrations, and so one transaction. */
export function createSupabaseStore(options: SupabaseStoreOptions): ResultStore {
  const calls = createCalls(options);
  const { call, callOnce, close } = calls;
  return {
    submit: async ({ idempotency, ...submission }): Promise<Submitted> => {
      const run = runColumns(newRow({ ...submission, now: Date.now(), batch: null }));
      const submitted = await call<SubmittedJson>('submit_run', { run, idempotency });
      return submitted.outcome === 'key_reused' ? submitted : { outcome: submitted.outcome, run: fromColumns<FullRunRow>(submitted.run) };
    },
    project: async (projection) => (await call<boolean[]>('project_runs', { projections: [projectionColumns(projection)] }))[0] === true,
    reportProgress: async ({ runId, epoch, done, perSecond }) => {
      await call('report_progress', toColumns({ runId, epoch, done, perSecond }));
    },
    reportStall: async (stall) => {
      await call('report_stall', toColumns(stall));
    },
    request: async (owner, id, request) => runOrNull(await call('request_run', { owner, id, request })),
    update: async (owner, id, { name, tags }) => {
      const change = { name, tags, name_folded: name === undefined ? undefined : fold(name) };
      return runOrNull(await call('update_run', { owner, id, change }));
    },
    remove: (owner, id) => callOnce('remove_run', { owner, id }),
    ...readingIntents(call),
    ...batchIntents(call),
    ...uploadIntents(calls),
    ...scanIntents(call),
    ...retentionIntents(call),
    check: async () => void (await call('check_store')),
    close,
  };
}

type ReadingIntents = Pick<ResultStore, 'get' | 'list' | 'changesAfter' | 'lastChange' | 'listOpen' | 'finishedAmong'>;

function readingIntents(call: Call): ReadingIntents {
  return {
    get: async (owner, id) => runOrNull(await call('get_run', { owner, id })),
    list: async (owner, query) => {
      const { after, text } = query;
      const columns = toColumns({
        ...query,
        labels: labelsOf(query),
        text: text === undefined ? undefined : fold(text),
        after: after && { created_at: after.createdAt, id: after.id },
      });
      return (await call<object[]>('list_runs', { owner, query: columns })).map(fromColumns<RunRow>);
    },
    changesAfter: async ({ owner, runId, after, limit }) =>
      (await call<object[]>('changes_after', { owner, run_id: runId, after, at_most: limit })).map(fromColumns<RunChange>),
    lastChange: (owner) => call('last_change', { owner }),
    listOpen: async (createdBefore, limit, { createdAt, id } = BEFORE_ALL) => {
      const page = { created_before: createdBefore, at_most: limit, after_time: createdAt, after_id: id };
      return (await call<object[]>('list_open_runs', page)).map(fromColumns<FullRunRow>);
    },
    finishedAmong: async (ids) => (await call<object[]>('finished_among', { ids })).map(fromColumns<Finished>),
  };
}

type Finished = Awaited<ReturnType<ResultStore['finishedAmong']>>[number];

function runOrNull(columns: object | null): FullRunRow | null {
  return columns && fromColumns<FullRunRow>(columns);
}
