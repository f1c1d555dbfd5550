import type { RunKind } from '../shared/names.ts';
import { fromColumns, toColumns } from './columns.ts';
import { foldName } from './fold.ts';
import { newRow } from './new-run.ts';
import type { AnyRunRow, FullRunRow, RunChange, RunRow, Submission } from './runs.ts';
import type { ResultStore } from './store.ts';
import { accessIntents } from './supabase-access.ts';
import { batchIntents } from './supabase-batches.ts';
import { createCalls, type Call, type Calls } from './supabase-calls.ts';
import { historyIntents } from './supabase-histories.ts';
import { ledgerIntents } from './supabase-ledger.ts';
import { retentionIntents } from './supabase-retention.ts';
import { projectionColumns, queryColumns, runColumns, toSubmitted, type SubmittedJson } from './supabase-rows.ts';
import { scanIntents } from './supabase-scans.ts';
import { scheduleIntents } from './supabase-schedules.ts';
import { sourceNoteIntents } from './supabase-source-notes.ts';
import { sweepIntents } from './supabase-sweeps.ts';
import { uploadIntents } from './supabase-uploads.ts';
import { webhookIntents } from './supabase-webhooks.ts';

export interface SupabaseStoreOptions {
  /** Of the project: `https://….supabase.co`. */
  url: string;
  /** `sb_secret_…`, or the older key of the role `service_role`. It reads and writes everything. */
  secretKey: string;
}

const BEFORE_ALL = { createdAt: -1, id: '' };

/** The row store in a Supabase project: each intent is one SQL function of supabase/migrations, and so one transaction. */
export function createSupabaseStore(options: SupabaseStoreOptions): ResultStore {
  const calls = createCalls(options);
  const { call, close } = calls;
  return {
    submit: async <Kind extends RunKind>({ idempotency, limits = {}, ...submission }: Submission<Kind>) => {
      const run = runColumns(newRow({ ...submission, now: Date.now(), batch: null }));
      return toSubmitted<Kind>(await call<SubmittedJson>('submit_run', { run, idempotency, limits }));
    },
    project: async (projection) => (await call<boolean[]>('project_runs', { projections: [projectionColumns(projection)] }))[0] === true,
    reportProgress: async ({ runId, epoch, done, perSecond }) => {
      await call('report_progress', toColumns({ runId, epoch, done, perSecond }));
    },
    reportStall: async (stall) => {
      await call('report_stall', toColumns(stall));
    },
    ...oneRunIntents(calls),
    ...readingIntents(call),
    ...batchIntents(call),
    ...sweepIntents(calls),
    ...ledgerIntents(call),
    ...scheduleIntents(calls),
    ...accessIntents(calls),
    ...webhookIntents(calls),
    ...uploadIntents(calls),
    ...scanIntents(call),
    ...sourceNoteIntents(call),
    ...retentionIntents(call),
    ...historyIntents(call),
    check: async () => void (await call('check_store')),
    close,
  };
}

function oneRunIntents({ call, callOnce }: Calls): Pick<ResultStore, 'get' | 'request' | 'update' | 'remove'> {
  return {
    get: async (owner, id, kind = 'backtest' as never) => orNull(await call('get_run', { owner, id, kind })),
    request: async (owner, id, request, kind = 'backtest' as never) => orNull(await call('request_run', { owner, id, kind, request })),
    update: async (owner, id, { name, tags, priority }, kind = 'backtest' as never) => {
      const change = { name, tags, name_folded: name === undefined ? undefined : foldName(name) };
      return orNull(await call('update_run', { owner, id, kind, change, spec: { priority } }));
    },
    remove: (owner, id, kind = 'backtest') => callOnce('remove_run', { owner, id, kind }),
  };
}

type ReadingIntents = Pick<ResultStore, 'list' | 'changesAfter' | 'lastChange' | 'listOpen' | 'finishedAmong'>;

function readingIntents(call: Call): ReadingIntents {
  return {
    list: async (owner, query) => (await call<object[]>('list_runs', { owner, query: queryColumns(query) })).map(fromColumns<RunRow>),
    changesAfter: async ({ owner, runId, after, limit }) =>
      (await call<object[]>('changes_after', { owner, run_id: runId, after, at_most: limit })).map(fromColumns<RunChange>),
    lastChange: (owner) => call('last_change', { owner }),
    listOpen: async (createdBefore, limit, { createdAt, id } = BEFORE_ALL) => {
      const page = { created_before: createdBefore, at_most: limit, after_time: createdAt, after_id: id };
      return (await call<object[]>('list_open_runs', page)).map(fromColumns<AnyRunRow>);
    },
    finishedAmong: async (ids) => (await call<object[]>('finished_among', { ids })).map(fromColumns<Finished>),
  };
}

type Finished = Awaited<ReturnType<ResultStore['finishedAmong']>>[number];

function orNull<Kind extends RunKind>(columns: object | null): FullRunRow<Kind> | null {
  return columns && fromColumns<FullRunRow<Kind>>(columns);
}
