import type { ScheduleWanted, TemporalSchedules } from './schedules.ts';

/** A schedule's row, as far as applying it goes. */
interface AppliedRow extends ScheduleWanted {
  version: number;
  removed: boolean;
}

interface ScheduleRows {
  getSchedule(owner: string, id: string): Promise<AppliedRow | null>;
  scheduleApplied(id: string, version: number): Promise<void>;
}

/**
 * Makes Temporal's schedule as its row says. Safe to repeat and to do twice at once: whoever was overtaken by a later change looks again
 * afterwards, so that the last one always stands.
 */
export async function applySchedule(rows: ScheduleRows, temporal: TemporalSchedules, row: AppliedRow): Promise<void> {
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
