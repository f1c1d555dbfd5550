import type { RunRequest, RunStatus, TerminalStatus } from '../shared/names.ts';
import type { RunError } from '../shared/run.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import type { OverQuota } from './quotas.ts';
import type { FullRunRow, Projection, Submission } from './runs.ts';

/** Many backtests that were accepted together; each has a row of its own. Times are milliseconds since 1970 UTC. */
export interface BatchRow {
  id: string;
  owner: string;
  name: string;
  status: RunStatus;
  requested: RunRequest | null;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  error: RunError | null;
  version: number;
  /** Of the last applied projection. */
  epoch: number;
  sequence: number;
  /** Items by status. */
  items: Record<RunStatus, number>;
}

export interface BatchSubmission extends Pick<Submission, 'id' | 'owner' | 'idempotency' | 'limits'> {
  name: string;
  items: readonly { id: string; spec: BacktestSpec; total: number }[];
}

export type SubmittedBatch = { outcome: 'accepted' | 'replayed'; batch: BatchRow } | { outcome: 'key_reused' } | OverQuota;

/** A change of a batch, under the rules of a {@link Projection}. Opened again, it takes along the items that ended with it. */
export interface BatchProjection extends Pick<Projection, 'epoch' | 'sequence' | 'reset'> {
  batchId: string;
  change: Partial<Pick<BatchRow, 'status' | 'startedAt' | 'finishedAt' | 'error'>> & {
    /** Requests that have taken effect. */
    settled?: readonly RunRequest[];
    /** What becomes of the items that are still open. */
    openItems?: { status: TerminalStatus; error: RunError | null };
  };
}

/** The intents of a result store that are about batches; each is one transaction. */
export interface BatchStore {
  /** Accepts a batch with all its items, or nothing of it. */
  submitBatch(submission: BatchSubmission): Promise<SubmittedBatch>;
  /** One batch of this owner; null for someone else's, too. */
  getBatch(owner: string, id: string): Promise<BatchRow | null>;
  /** The items with the numbers [from, to), in their order. Those that were deleted are missing. */
  batchItems(batchId: string, from: number, to: number): Promise<FullRunRow[]>;
  /** Applies the changes of several runs, each under the rules of a {@link Projection}. */
  projectAll(projections: readonly Projection[]): Promise<void>;
  /** Applies a workflow's change; false when it was stale. */
  projectBatch(projection: BatchProjection): Promise<boolean>;
  /** Records what a user asked for. Null when there is no such open batch of this owner. */
  requestBatch(owner: string, id: string, request: RunRequest): Promise<BatchRow | null>;
  /** Shows in the row of an open batch what holds its workflow up, or that nothing does; not once the row has changed since it was read. */
  reportBatchStall(stall: { batchId: string; epoch: number; sequence: number; error: RunError | null }): Promise<void>;
  /** Which of these batches are finished. */
  finishedBatchesAmong(ids: readonly string[]): Promise<{ id: string; finishedAt: number }[]>;
  /** Batches that are not finished and older than a moment, for the reconciler; oldest first. */
  listOpenBatches(createdBefore: number, limit: number): Promise<BatchRow[]>;
}
