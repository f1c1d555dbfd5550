import { fromColumns, toColumns } from './columns.ts';
import { newRow } from './new-run.ts';
import type { RunRow } from './runs.ts';
import type { CreatedSchedule, NightRow, ScheduleRow, ScheduleStore } from './schedules.ts';
import type { Call, Calls } from './supabase-calls.ts';
import { runColumns, toSubmitted, type SubmittedJson } from './supabase-rows.ts';

type CreatedJson = { outcome: 'accepted' | 'replayed'; schedule: object } | { outcome: 'key_reused' };

const BEFORE_ALL = { createdAt: Number.MAX_SAFE_INTEGER, id: '' };

/** What of a store is about schedules. */
export function scheduleIntents({ call, callOnce }: Calls): ScheduleStore {
  return {
    createSchedule: async ({ idempotency, ...schedule }): Promise<CreatedSchedule> => {
      const now = Date.now();
      const row = { ...schedule, createdAt: now, changedAt: now, version: 1, applied: 0, removed: false };
      const created = await callOnce<CreatedJson>('create_schedule', { schedule: toColumns(row), idempotency });
      return 'schedule' in created ? { outcome: created.outcome, schedule: fromColumns<ScheduleRow>(created.schedule) } : created;
    },
    getSchedule: async (owner, id) => orNull(await call('get_schedule', { owner, id })),
    listSchedules: async (owner, { limit, after = BEFORE_ALL }) => {
      const page = { owner, at_most: limit, after_time: after.createdAt, after_id: after.id };
      return (await call<object[]>('list_schedules', page)).map(fromColumns<ScheduleRow>);
    },
    updateSchedule: async (owner, id, change) => orNull(await call('update_schedule', { owner, id, change })),
    removeSchedule: async (owner, id) => orNull(await call('remove_schedule', { owner, id })),
    scheduleApplied: async (id, version) => {
      await call('schedule_applied', { id, version });
    },
    unappliedSchedules: async (changedBefore, limit) =>
      (await call<object[]>('unapplied_schedules', { changed_before: changedBefore, at_most: limit })).map(fromColumns<ScheduleRow>),
    everySchedule: async (limit, after = '') =>
      (await call<object[]>('every_schedule', { after_id: after, at_most: limit })).map(fromColumns<ScheduleRow>),
    keepScheduleKey: ({ owner, scheduleId, idempotency }) => callOnce('keep_schedule_key', { owner, schedule_id: scheduleId, idempotency }),
    ...nightIntents(call),
  };
}

type NightIntents = Pick<ScheduleStore, 'submitNight' | 'refuseNight' | 'compareNight' | 'nights' | 'nightOf'>;

function nightIntents(call: Call): NightIntents {
  return {
    submitNight: async ({ kind, spec, total, runId, again, limits = {}, ...night }) => {
      const now = Date.now();
      const run = newRow({ id: runId, kind, owner: night.owner, spec, total, now, batch: null });
      const columns = toColumns({ ...night, launchedAt: now, runId });
      return toSubmitted(await call<SubmittedJson>('submit_night', { night: columns, run: runColumns(run), again, limits }));
    },
    refuseNight: async (night) => {
      await call('refuse_night', { night: toColumns({ ...night, launchedAt: Date.now() }) });
    },
    compareNight: async (launch, comparison) => {
      await call('compare_night', { launch, comparison });
    },
    nights: async (owner, scheduleId, { after, ...query }) => {
      const columns = { ...query, after: after && { nominal_at: after.nominalAt, launch: after.launch } };
      return (await call<NightJson[]>('nights', { owner, schedule_id: scheduleId, query: columns })).map(toNightRow);
    },
    nightOf: async (owner, runId) => {
      const night = await call<NightJson | null>('night_of', { owner, run_id: runId });
      return night && toNightRow(night);
    },
  };
}

interface NightJson {
  night: object;
  run: object | null;
}

function toNightRow({ night, run }: NightJson): NightRow {
  return { ...fromColumns<Omit<NightRow, 'run'>>(night), run: run && fromColumns<RunRow>(run) };
}

function orNull(schedule: object | null): ScheduleRow | null {
  return schedule && fromColumns<ScheduleRow>(schedule);
}
