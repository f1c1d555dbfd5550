import type { ArtifactRef } from '../shared/artifact.ts';
import type { Limits } from '../shared/limits.ts';
import type { Metrics } from '../shared/metrics.ts';
import type { RunKind, RunPhase, RunRequest, RunStatus } from '../shared/names.ts';
import type { RunError, StoredResult } from '../shared/run.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import type { StoredSweepResult } from '../shared/sweep.ts';
import type { SweepSpec } from '../shared/sweep-spec.ts';
import type { OverQuota } from './quotas.ts';

/** What is run, and what is left of it, by the kind of the run. */
interface Specs {
  backtest: BacktestSpec;
  sweep: SweepSpec;
}
interface Results {
  backtest: StoredResult;
  sweep: StoredSweepResult;
}

/** A run as the store keeps it. Times are milliseconds since 1970 UTC. */
export interface RunRow {
  id: string;
  kind: RunKind;
  owner: string;
  name: string;
  tags: string[];
  strategy: string;
  symbols: string[];
  timeframe: string;
  status: RunStatus;
  requested: RunRequest | null;
  phase: RunPhase | null;
  /** Bars done, of a sweep trials; never goes back. */
  done: number;
  total: number;
  perSecond: number;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  error: RunError | null;
  metrics: Metrics | null;
  /** Goes up with every write to the row: entity tags are made of it. */
  version: number;
  /** Number of the last write that a watcher hears of, in the order of {@link RunChange}. */
  change: number;
  /** Bars up to the last stored checkpoint: no crash takes them back. */
  durable: number;
  /** The batch that it is an item of, and its number there. */
  batchId: string | null;
  batchIndex: number | null;
}

/**
 * What a watcher of a run is told. Numbers go up over the runs of an owner in the order in which writes become visible: a store behind a
 * network must draw them under a lock of the owner, since numbers of a plain sequence may be committed in another order.
 */
export interface RunChange extends Pick<RunRow, 'change' | 'status' | 'requested' | 'phase' | 'done' | 'total' | 'perSecond' | 'error'> {
  runId: string;
  runKind: RunKind;
  /**
   * `status`: status, phase, request or error changed. `done`: the run ended. `progress`: anything else; where it is not kept it is of the moment,
   * and gives way to the next one.
   */
  kind: 'status' | 'progress' | 'done';
  kept: boolean;
  /** Bars durably done before this change, and with it. */
  durableBefore: number;
  durable: number;
  at: number;
}

/** A row with the parts that lists leave out. */
export interface FullRunRow<Kind extends RunKind = 'backtest'> extends RunRow {
  kind: Kind;
  spec: Specs[Kind];
  result: Results[Kind] | null;
  /** The last stored checkpoint, from which a lost workflow is restarted and a live curve is read; of a sweep its dataset. */
  checkpoint: ArtifactRef | null;
  /** The run whose result this one is to repeat; null for all others. */
  verifies: string | null;
  /** Of the last applied projection. */
  epoch: number;
  sequence: number;
}

/** A row of any kind. */
export type AnyRunRow = { [Kind in RunKind]: FullRunRow<Kind> }[RunKind];

export interface Submission<Kind extends RunKind = 'backtest'> {
  id: string;
  kind: Kind;
  owner: string;
  spec: Specs[Kind];
  /** Bars to do, as far as is known before the fetch (0 when unknown); of a sweep trials. */
  total: number;
  verifies?: string | null;
  /** Of the owner; they do not hold for a replay. */
  limits?: Limits;
  idempotency: { key: string; fingerprint: string; expiresAt: number } | null;
}

export type Submitted<Kind extends RunKind = 'backtest'> =
  | { outcome: 'accepted'; run: FullRunRow<Kind> }
  /** The same key and payload were accepted before. */
  | { outcome: 'replayed'; run: FullRunRow<Kind> }
  /** The same key came with another payload. */
  | { outcome: 'key_reused' }
  | OverQuota;

/**
 * A change of a run, written by workflows and the reconciler only. It applies only when (epoch, sequence) is greater than that of the
 * last applied one, so that late, repeated or stale writers change nothing.
 */
export interface Projection {
  runId: string;
  /** Start of the Temporal run that writes, in milliseconds. */
  epoch: number;
  /** Goes up within one Temporal run. */
  sequence: number;
  /** The Temporal run was made by a reset: it knows only the start of the run it was made from, until `epoch` is put right. */
  reset?: boolean;
  change: Partial<Pick<RunRow, 'status' | 'phase' | 'total' | 'done' | 'startedAt' | 'finishedAt' | 'error'>> & {
    checkpoint?: ArtifactRef;
    result?: Results[RunKind];
    /** Trials that a sweep was asked for, as far as its workflow knows: one that was extended since does not complete. */
    of?: number;
    /** Requests that have taken effect: the row forgets the one it holds when it is among them. The end of a run settles all. */
    settled?: readonly RunRequest[];
  };
}

export interface RunQuery {
  kind?: RunKind;
  statuses?: readonly RunStatus[];
  strategy?: string;
  symbol?: string;
  tag?: string;
  /** Items of this batch. */
  batchId?: string;
  /** Part of the name, in any case. */
  text?: string;
  createdFrom?: number;
  createdTo?: number;
  order: 'newest' | 'oldest';
  limit: number;
  /** Position after which to go on: of the last run of the page before. */
  after?: RunPosition;
}

/** Where a run stands in lists by time. */
export type RunPosition = Pick<RunRow, 'createdAt' | 'id'>;
