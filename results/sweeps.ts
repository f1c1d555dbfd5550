import type { ArtifactRef } from '../shared/artifact.ts';
import type { OverQuota } from './quotas.ts';
import type { FullRunRow, Submission } from './runs.ts';

/** Trials of a sweep that were done together: those with the numbers [first, first + count). Shards of one sweep and family never overlap. */
export interface TrialShard {
  sweepId: string;
  /** What the figures follow from, beside the parameters: the same bars, strategy, account and engine. */
  family: string;
  first: number;
  count: number;
  /** Of these, the ones that had been computed before. */
  cached: number;
  /** Computing time of the others. */
  cpuSeconds: number;
  /** The rows, in the order of the trials. */
  ref: ArtifactRef;
}

/** Trials of one owner and one family, sorted by their parameters. */
export interface TrialTable {
  owner: string;
  family: string;
  ref: ArtifactRef;
}

export interface Extension extends Pick<Submission, 'idempotency' | 'limits'> {
  owner: string;
  id: string;
  /** How many there are to be in all. */
  trials: number;
}

export type Extended =
  /** `extended` also for a repeated request with the same key. */
  | { outcome: 'extended'; sweep: FullRunRow<'sweep'> }
  | { outcome: 'key_reused' }
  /** It has as many already, or was cancelled or failed; the row says which. */
  | { outcome: 'refused'; sweep: FullRunRow<'sweep'> }
  | { outcome: 'unknown' }
  /** The trials that are added count as those of a submission. */
  | OverQuota;

/** The intents of a result store that are about sweeps, beside those of all runs; each is one transaction. */
export interface SweepStore {
  /**
   * Raises the number of trials: in the spec (`search.trials`) and in the row (`total`). A sweep that has completed is `queued` again, without its result. One that
   * is being cancelled, has failed or was cancelled is refused.
   */
  extendSweep(extension: Extension): Promise<Extended>;
  /** The sweep whatever its owner, and how many sweeps of that owner are running (1 at least). Null when there is none. */
  lookAtSweep(id: string): Promise<{ sweep: FullRunRow<'sweep'>; running: number } | null>;
  /**
   * Keeps a shard together with the table of its new trials, which is of its family and of the owner of the sweep. False where it overlaps one of its family that is
   * kept, or the sweep is gone: then nothing is kept.
   */
  storeShard(shard: TrialShard, table: ArtifactRef | null): Promise<boolean>;
  /** Shards of one family that end after the trial `from`, in their order, at most `limit` of them. */
  shardsOf(of: Pick<TrialShard, 'sweepId' | 'family'>, from: number, limit: number): Promise<TrialShard[]>;
  /** The family of which most trials of a sweep are done; null where none are. */
  familyOf(sweepId: string): Promise<string | null>;
  /** Tables of these families of an owner, oldest first. */
  trialTables(owner: string, families: readonly string[]): Promise<TrialTable[]>;
  /** Puts one table in the place of several; false, and nothing done, unless all of them are there. */
  mergeTrialTables(into: TrialTable, merged: readonly ArtifactRef[]): Promise<boolean>;
}
