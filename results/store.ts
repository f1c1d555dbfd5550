import type { RunKind, RunRequest } from '../shared/names.ts';
import type { RunError } from '../shared/run.ts';
import type { BatchStore } from './batches.ts';
import type { CredentialStore } from './credentials.ts';
import type { HistoryStore } from './histories.ts';
import type { TrialLedger } from './ledger.ts';
import type { OperatorStore } from './operators.ts';
import type { QuotaStore } from './quotas.ts';
import type { AnyRunRow, FullRunRow, Projection, RunChange, RunPosition, RunQuery, RunRow, Submission, Submitted } from './runs.ts';
import type { RetentionStore } from './retention.ts';
import type { ScanStore } from './scans.ts';
import type { ScheduleStore } from './schedules.ts';
import type { SourceNoteStore } from './source-notes.ts';
import type { SweepStore } from './sweeps.ts';
import type { UploadStore } from './uploads.ts';
import type { WebhookStore } from './webhooks.ts';

/**
 * The rows behind the service, by intent: each method is one transaction. SQLite (embedded) and Supabase (production) behave the same;
 * every method may fail with `store_unavailable`. Where a kind may be given, runs of other kinds are as if they did not exist; left out it is `backtest`.
 */
export interface ResultStore
  extends
    BatchStore,
    CredentialStore,
    HistoryStore,
    OperatorStore,
    QuotaStore,
    RetentionStore,
    ScanStore,
    ScheduleStore,
    SourceNoteStore,
    SweepStore,
    TrialLedger,
    UploadStore,
    WebhookStore {
  /** Accepts a run: checks the Idempotency-Key, then the limits, and inserts the row as `queued`, all or nothing. */
  submit<Kind extends RunKind>(submission: Submission<Kind>): Promise<Submitted<Kind>>;
  /** Applies a workflow's change; false when it was stale, and when it would complete a run whose cancel was recorded before, or a sweep that was extended. */
  project(projection: Projection): Promise<boolean>;
  /** Live progress of a slice in flight. Ignored unless it is of this epoch and further than what is there. */
  reportProgress(progress: { runId: string; epoch: number; reset?: boolean; done: number; perSecond: number }): Promise<void>;
  /**
   * Says why an open run does not get ahead, or (null) that it does again. Ignored once a later projection was applied; such a projection
   * that carries `error: null` takes it back as well.
   */
  reportStall(stall: { runId: string; epoch: number; sequence: number; error: RunError | null }): Promise<void>;
  /** Records what a user asked for (null takes it back). Null when there is no such open run of this owner. */
  request<Kind extends RunKind = 'backtest'>(
    owner: string,
    id: string,
    request: RunRequest | null,
    kind?: Kind,
  ): Promise<FullRunRow<Kind> | null>;
  /** One run of this owner; null for someone else's, too. */
  get<Kind extends RunKind = 'backtest'>(owner: string, id: string, kind?: Kind): Promise<FullRunRow<Kind> | null>;
  list(owner: string, query: RunQuery): Promise<RunRow[]>;
  /**
   * What happened after a change to the runs of an owner, or to one of them, in the order of changes and at most `limit` of them. All
   * changes are there but for those that are not kept: of these only the last of each run.
   */
  changesAfter(query: { owner: string; runId: string | null; after: number; limit: number }): Promise<RunChange[]>;
  /** Number of the last change to a run of this owner; 0 without any. */
  lastChange(owner: string): Promise<number>;
  /** Runs that are not finished, older than a moment and no items, for the reconciler; oldest first, and behind the last run of the page before. */
  listOpen(createdBefore: number, limit: number, after?: RunPosition): Promise<AnyRunRow[]>;
  /** Those of these runs that are finished, with the moment. */
  finishedAmong(ids: readonly string[]): Promise<{ id: string; finishedAt: number }[]>;
  /** Deletes a finished run's row; false when there is none. */
  remove(owner: string, id: string, kind?: RunKind): Promise<boolean>;
  /** Changes what a user may change: name and tags, and the priority in the spec of a sweep. Null when there is no such run. */
  update<Kind extends RunKind = 'backtest'>(
    owner: string,
    id: string,
    change: { name?: string; tags?: string[]; priority?: number },
    kind?: Kind,
  ): Promise<FullRunRow<Kind> | null>;
  /** Throws when the store does not answer (readiness). */
  check(): Promise<void>;
  close(): void;
}
