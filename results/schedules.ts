import type { RunError } from '../shared/run.ts';
import type { NightComparison } from '../shared/schedule.ts';
import type { Timing } from '../shared/schedule-timing.ts';
import type { RunKind } from '../shared/names.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import type { SweepSpec } from '../shared/sweep-spec.ts';
import type { RunRow, Submission, Submitted } from './runs.ts';

/**
 * A schedule as its owner wants it; when it is due, and whether it is paused, is known to Temporal's schedule, which is made of this row. Times are
 * milliseconds since 1970 UTC.
 */
export interface ScheduleRow {
  id: string;
  owner: string;
  name: string;
  /** As each night submits it, but for a window that is counted from its nominal time. */
  spec: BacktestSpec | SweepSpec;
  timing: Timing;
  /** Whether Temporal's schedule begins paused. */
  beginsPaused: boolean;
  createdAt: number;
  changedAt: number;
  /** Goes up with every change. */
  version: number;
  /** The version that Temporal's schedule was last made of; 0 before the first time. */
  applied: number;
  /** Nobody sees it any more; it goes away once Temporal's schedule has gone. */
  removed: boolean;
}

export type NewSchedule = Pick<ScheduleRow, 'id' | 'owner' | 'name' | 'spec' | 'timing' | 'beginsPaused'> & Pick<Submission, 'idempotency'>;
export type ScheduleChange = Partial<Pick<ScheduleRow, 'name' | 'spec' | 'timing'>>;
export type CreatedSchedule = { outcome: 'accepted' | 'replayed'; schedule: ScheduleRow } | { outcome: 'key_reused' };

/** One time that a schedule was due. */
export interface NightRow {
  /** Temporal's run of the workflow that launched it, a UUID. */
  launch: string;
  scheduleId: string;
  owner: string;
  nominalAt: number;
  launchedAt: number;
  runId: string | null;
  /** Null where none was accepted, and where it was deleted since. */
  run: RunRow | null;
  /** Why no run was accepted. */
  error: RunError | null;
  comparison: NightComparison | null;
}

type NightKey = Pick<NightRow, 'launch' | 'scheduleId' | 'owner' | 'nominalAt'>;

export interface NewNight<Kind extends RunKind = 'backtest'>
  extends NightKey, Pick<Submission<Kind>, 'kind' | 'spec' | 'total' | 'limits'> {
  /** Of the run; `again` where there is a run of the first id already, since the night is repeated. */
  runId: string;
  again: string;
}

export interface NightQuery {
  limit: number;
  /** The latest nominal time. */
  until?: number;
  /** Whose run has completed. */
  completed?: true;
  /** Position after which to go on. */
  after?: Pick<NightRow, 'nominalAt' | 'launch'>;
}

/** The intents of a result store that are about schedules; each is one transaction. */
export interface ScheduleStore {
  /** Keeps a schedule, or gives the one that was accepted with this key before. */
  createSchedule(schedule: NewSchedule): Promise<CreatedSchedule>;
  /** Null for someone else's, and for a removed one. */
  getSchedule(owner: string, id: string): Promise<ScheduleRow | null>;
  /** Newest first. */
  listSchedules(owner: string, query: { limit: number; after?: Pick<ScheduleRow, 'createdAt' | 'id'> }): Promise<ScheduleRow[]>;
  /** Null when there is no such schedule. */
  updateSchedule(owner: string, id: string, change: ScheduleChange): Promise<ScheduleRow | null>;
  /** Marks it as removed, which is a change as well. Null when there is none. */
  removeSchedule(owner: string, id: string): Promise<ScheduleRow | null>;
  /** Notes of which version Temporal's schedule is made now; later versions stay to be applied. A removed schedule goes, with its nights and keys. */
  scheduleApplied(id: string, version: number): Promise<void>;
  /** Schedules of every owner that were changed before a moment and are not applied; oldest change first. */
  unappliedSchedules(changedBefore: number, limit: number): Promise<ScheduleRow[]>;
  /** Schedules of every owner that are not removed, by their ids; behind the last one of the page before. */
  everySchedule(limit: number, after?: string): Promise<ScheduleRow[]>;
  /** Whether what came with this key is to be done, was done before, or is something else than before. Always new without a key. */
  keepScheduleKey(of: { owner: string; scheduleId: string } & Pick<Submission, 'idempotency'>): Promise<'new' | 'replayed' | 'key_reused'>;
  /** Accepts the run of a night under all rules of {@link Submission}; a repeated launch gives the run of before. */
  submitNight<Kind extends RunKind>(night: NewNight<Kind>): Promise<Submitted<Kind>>;
  /** Notes that a night has no run. */
  refuseNight(night: NightKey & { error: RunError }): Promise<void>;
  compareNight(launch: string, comparison: NightComparison): Promise<void>;
  /** By nominal time, latest first; of one time the last launch first. */
  nights(owner: string, scheduleId: string, query: NightQuery): Promise<NightRow[]>;
  /** The night that a run is of; null for all other runs. */
  nightOf(owner: string, runId: string): Promise<NightRow | null>;
}
