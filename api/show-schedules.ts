import type { ScheduleRow } from '../results/schedules.ts';
import type { Schedule } from '../shared/schedule.ts';
import type { ApiDependencies } from './dependencies.ts';
import { toSchedule } from './schedule-resource.ts';

/** Shows a schedule with what Temporal knows of it; without that while Temporal does not answer. */
export function showSchedules({ store, orchestrator, places }: Pick<ApiDependencies, 'store' | 'orchestrator' | 'places'>) {
  const { schedules } = orchestrator;
  return async (row: ScheduleRow): Promise<Schedule> => {
    const [nights, state] = await Promise.all([
      store.nights(row.owner, row.id, { limit: 1 }),
      orchestrator.available().then(async (is) => (is ? await schedules.describe(row.id).catch(() => null) : null)),
    ]);
    return toSchedule(row, { state, lastNight: nights[0] ?? null, places });
  };
}
