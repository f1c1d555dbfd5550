import type { RunRequest } from '../shared/names.ts';
import type { RunError } from '../shared/run.ts';
import type { BatchStore } from './batches.ts';
import type { FullRunRow, Projection, RunChange, RunPosition, RunQuery, RunRow, Submission, Submitted } from './runs.ts';
import type { RetentionStore } from './retention.ts';
import type { ScanStore } from './scans.ts';
import type { UploadStore } from './uploads.ts';

/**
 * The rows behind the service, by intent: each method is one transaction. SQLite (embedded) and Supabase (production) behave the same;
 * every method may fail with `store_unavailable`.
 */
export interface ResultStore extends BatchStore, RetentionStore, ScanStore, UploadStore {
  /** Accepts a run: checks the Idempotency-Key and inserts the row as `queued`, all or nothing. */
  submit(submission: Submission): Promise<Submitted>;
  /** Applies a workflow's change; false when it was stale, and when it would complete a run whose cancel was recorded before. */
  project(projection: Projection): Promise<boolean>;
  /** Live progress of a slice in flight. Ignored unless it is of this epoch and further than what is there. */
  reportProgress(progress: { runId: string; epoch: number; reset?: boolean; done: number; perSecond: number }): Promise<void>;
  /**
   * Says why an open run does not get ahead, or (null) that it does again. Ignored once a later projection was applied; such a projection
   * that carries `error: null` takes it back as well.
   */
  reportStall(stall: { runId: string; epoch: number; sequence: number; error: RunError | null }): Promise<void>;
  /** Records what a user asked for (null takes it back). Null when there is no such open run of this owner. */
  request(owner: string, id: string, request: RunRequest | null): Promise<FullRunRow | null>;
  /** One run of this owner; null for someone else's, too. */
  get(owner: string, id: string): Promise<FullRunRow | null>;
  list(owner: string, query: RunQuery): Promise<RunRow[]>;
  /**
   * What happened after a change to the runs of an owner, or to one of them, in the order of changes and at most `limit` of them. All
   * changes are there but for those that are not kept: of these only the last of each run.
   */
  changesAfter(query: { owner: string; runId: string | null; after: number; limit: number }): Promise<RunChange[]>;
  /** Number of the last change to a run of this owner; 0 without any. */
  lastChange(owner: string): Promise<number>;
  /** Runs that are not finished, older than a moment and no items, for the reconciler; oldest first, and behind the last run of the page before. */
  listOpen(createdBefore: number, limit: number, after?: RunPosition): Promise<FullRunRow[]>;
  /** Those of these runs that are finished, with the moment. */
  finishedAmong(ids: readonly string[]): Promise<{ id: string; finishedAt: number }[]>;
  /** Deletes a finished run's row; false when there is none. */
  remove(owner: string, id: string): Promise<boolean>;
  /** Changes what a user may change: name and tags. Null when there is no such run. */
  update(owner: string, id: string, change: { name?: string; tags?: string[] }): Promise<FullRunRow | null>;
  /** Throws when the store does not answer (readiness). */
  check(): Promise<void>;
  close(): void;
}
