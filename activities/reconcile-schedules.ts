import type { ScheduleRow } from '../results/schedules.ts';
import type { Ports } from './ports.ts';

type SchedulePorts = Pick<Ports, 'results' | 'schedules'>;

const PAGE = 500;

/**
 * Makes again what Temporal has lost of the schedules that were made before, and takes out of it those of this service that have no row any more, such as after
 * rows were restored from a backup. Younger ones than `before` are left to whoever makes or deletes them just now.
 */
export async function reconcileSchedules(
  { results, schedules }: SchedulePorts,
  before: number,
): Promise<{ made: number; removed: number }> {
  const done = { made: 0, removed: 0 };
  const listed = new Set<string>();
  for await (const id of schedules.ids()) listed.add(id);
  const known = new Set<string>();
  for await (const row of everySchedule(results)) {
    known.add(row.id);
    const isOld = row.changedAt < before && row.applied > 0;
    // The list may be late.
    if (!isOld || listed.has(row.id) || (await schedules.describe(row.id)) !== null) continue;
    await schedules.settle(results, row);
    done.made += 1;
  }
  for (const id of listed) {
    if (known.has(id) || !(await schedules.isOwn(id, before))) continue;
    await schedules.remove(id);
    done.removed += 1;
  }
  return done;
}

async function* everySchedule(results: SchedulePorts['results']): AsyncGenerator<ScheduleRow> {
  let page: ScheduleRow[] = [];
  do {
    page = await results.everySchedule(PAGE, page.at(-1)?.id);
    yield* page;
  } while (page.length === PAGE);
}
