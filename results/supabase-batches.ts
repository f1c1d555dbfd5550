import { RUN_STATUSES, type RunStatus } from '../shared/names.ts';
import type { BatchRow, BatchStore, SubmittedBatch } from './batches.ts';
import { fromColumns, toColumns } from './columns.ts';
import { newRow } from './new-run.ts';
import type { OverQuota } from './quotas.ts';
import type { FullRunRow } from './runs.ts';
import type { Call } from './supabase-calls.ts';
import { batchProjectionColumns, projectionColumns, runColumns } from './supabase-rows.ts';

/** A batch as the database gives it: its row, and its items by status where there are any. */
interface BatchJson {
  row: object;
  items: Partial<Record<RunStatus, number>>;
}

type SubmittedJson = { outcome: 'accepted' | 'replayed'; batch: BatchJson } | { outcome: 'key_reused' } | OverQuota;

/** What of a store is about batches. */
export function batchIntents(call: Call): BatchStore {
  return {
    submitBatch: async ({ id, owner, name, items, idempotency, limits = {} }): Promise<SubmittedBatch> => {
      const now = Date.now();
      const batch = { id, owner, name, status: 'queued', createdAt: now, epoch: 0, sequence: 0, version: 1 };
      const runs = items.map((item, batchIndex) =>
        runColumns(newRow({ ...item, kind: 'backtest', owner, now, batch: { batchId: id, batchIndex } })),
      );
      const submitted = await call<SubmittedJson>('submit_batch', { batch: toColumns(batch), items: runs, idempotency, limits });
      return 'batch' in submitted ? { outcome: submitted.outcome, batch: toBatchRow(submitted.batch) } : submitted;
    },
    getBatch: async (owner, id) => orNull(await call('get_batch', { owner, id })),
    batchItems: async (batchId, from, to) =>
      (await call<object[]>('batch_items', { batch_id: batchId, from_index: from, to_index: to })).map(fromColumns<FullRunRow>),
    projectAll: async (projections) => {
      await call('project_runs', { projections: projections.map(projectionColumns) });
    },
    projectBatch: (projection) => call('project_batch', { projection: batchProjectionColumns(projection) }),
    requestBatch: async (owner, id, request) => orNull(await call('request_batch', { owner, id, request })),
    reportBatchStall: async (stall) => {
      await call('report_batch_stall', toColumns(stall));
    },
    finishedBatchesAmong: async (ids) => (await call<object[]>('finished_batches_among', { ids })).map(fromColumns<FinishedBatch>),
    listOpenBatches: async (createdBefore, limit) =>
      (await call<BatchJson[]>('list_open_batches', { created_before: createdBefore, at_most: limit })).map(toBatchRow),
  };
}

type FinishedBatch = Awaited<ReturnType<BatchStore['finishedBatchesAmong']>>[number];

function toBatchRow({ row, items }: BatchJson): BatchRow {
  const none = Object.fromEntries(RUN_STATUSES.map((status) => [status, 0])) as Record<RunStatus, number>;
  return { ...fromColumns<Omit<BatchRow, 'items'>>(row), items: { ...none, ...items } };
}

function orNull(batch: BatchJson | null): BatchRow | null {
  return batch && toBatchRow(batch);
}
