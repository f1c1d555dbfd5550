import type { ScheduleState } from '../orchestration/schedules.ts';
import type { NightRow, ScheduleRow } from '../results/schedules.ts';
import { runPathOf, schedulePathOf } from '../shared/names.ts';
import type { Result } from '../shared/run.ts';
import type { Night, ResultWithNight, Schedule } from '../shared/schedule.ts';
import { isoTime, type WebUrl } from './run-resource.ts';

interface Shown {
  /** Null while Temporal does not answer, or does not know it yet. */
  state: ScheduleState | null;
  lastNight: NightRow | null;
  webUrl: WebUrl;
  /** Its page in Temporal Web. */
  scheduleUrl: (id: string) => string | null;
}

/** A schedule as its address shows it. */
export function toSchedule(row: ScheduleRow, { state, lastNight, webUrl, scheduleUrl }: Shown): Schedule {
  const self = schedulePathOf(row.id);
  return {
    ...row.timing,
    id: row.id,
    name: row.name,
    owner: row.owner,
    spec: { ...row.spec },
    paused: state?.paused ?? null,
    note: state?.note ?? null,
    nextRuns: (state?.nextRuns ?? []).map(isoTime),
    skipped: state && { overlap: state.skippedByOverlap, missed: state.missed },
    lastRun: lastNight && toNight(lastNight, webUrl),
    createdAt: isoTime(row.createdAt),
    links: { self, runs: `${self}/runs`, temporal: scheduleUrl(row.id) },
  };
}

/** A night as the list of a schedule's runs shows it. */
export function toNight({ nominalAt, launchedAt, runId, run, error, comparison }: NightRow, webUrl: WebUrl): Night {
  return {
    nominalTime: isoTime(nominalAt),
    launchedAt: isoTime(launchedAt),
    run: runId,
    status: run?.status ?? (runId === null ? 'failed' : null),
    error: error ?? run?.error ?? null,
    metrics: run?.metrics ?? null,
    comparison,
    links: { run: run && runPathOf(run.id), temporal: run && webUrl(run.id) },
  };
}

/** What the result's address shows of a run, the night of a schedule or not. */
export function withNight(result: Result, night: NightRow | null): ResultWithNight {
  if (night === null) return result;
  const { scheduleId: schedule, nominalAt, comparison } = night;
  return { ...result, night: { schedule, nominalTime: isoTime(nominalAt), comparison } };
}
