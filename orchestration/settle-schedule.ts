import type { Timing } from '../shared/schedule-timing.ts';

/** What Temporal has to know of a schedule. */
export interface ScheduleWanted {
  id: string;
  owner: string;
  name: string;
  timing: Timing;
  beginsPaused: boolean;
}

/** A schedule's row, as far as settling it goes. */
export interface ScheduleToSettle extends ScheduleWanted {
  version: number;
  removed: boolean;
}

export interface ScheduleRows {
  getSchedule(owner: string, id: string): Promise<ScheduleToSettle | null>;
  scheduleApplied(id: string, version: number): Promise<void>;
}

interface Temporal {
  /** Makes or changes the schedule. */
  apply(wanted: ScheduleWanted): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Whoever was overtaken by a later change looks again afterwards, so that the last one always stands. */
export async function settleSchedule(rows: ScheduleRows, temporal: Temporal, row: ScheduleToSettle): Promise<void> {
  const { owner, id } = row;
  let applied = row;
  for (;;) {
    await (applied.removed ? temporal.remove(id) : temporal.apply(applied));
    await rows.scheduleApplied(id, applied.version);
    if (applied.removed) return;
    const now = await rows.getSchedule(owner, id);
    if (now?.version === applied.version) return;
    // One that was removed meanwhile is not seen any more.
    applied = now ?? { ...applied, removed: true, version: applied.version + 1 };
  }
}
