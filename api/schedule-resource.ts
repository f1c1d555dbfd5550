import type { ScheduleState } from '../orchestration/schedules.ts';
import type { NightRow, ScheduleRow } from '../results/schedules.ts';
import { runPathOf, schedulePathOf, type RunKind } from '../shared/names.ts';
import type { Night, NightOfResult, Schedule } from '../shared/schedule.ts';
import { isSweep } from '../shared/sweep-spec.ts';
import type { Places } from './places.ts';
import { isoTime } from './run-resource.ts';

interface Shown {
  /** Null while Temporal does not answer, or does not know it yet. */
  state: ScheduleState | null;
  lastNight: NightRow | null;
  places: Places;
  /** Its page in Temporal Web. */
}

/** A schedule as its address shows it. */
export function toSchedule(row: ScheduleRow, { state, lastNight, places }: Shown): Schedule {
  const self = schedulePathOf(row.id);
  const kind = isSweep(row.spec) ? 'sweep' : 'backtest';
  return {
    ...row.timing,
    id: row.id,
    kind,
    name: row.name,
    owner: row.owner,
    spec: { ...row.spec },
    paused: state?.paused ?? null,
    note: state?.note ?? null,
    nextRuns: (state?.nextRuns ?? []).map(isoTime),
    skipped: state && { overlap: state.skippedByOverlap, missed: state.missed },
    lastRun: lastNight && toNight(lastNight, kind, places),
    createdAt: isoTime(row.createdAt),
    links: { self, runs: `${self}/runs`, temporal: places.temporal(row.id, 'schedule'), page: places.page(row.id, 'schedule') },
  };
}

function endOf({ runId, run, error }: NightRow): Pick<Night, 'status' | 'error'> {
  return { status: run?.status ?? (runId === null ? 'failed' : null), error: error ?? run?.error ?? null };
}

function bestOf(comparison: NightRow['comparison']): Night['metrics'] {
  return comparison?.ranking?.best.after?.metrics ?? null;
}

/** A night as the list of a schedule's runs shows it; `kind` is what the schedule runs by now, which its earlier runs may not be. */
export function toNight(night: NightRow, kind: RunKind, places: Places): Night {
  const { nominalAt, launchedAt, runId, run, comparison } = night;
  return {
    nominalTime: isoTime(nominalAt),
    launchedAt: isoTime(launchedAt),
    kind: run?.kind ?? kind,
    run: runId,
    ...endOf(night),
    metrics: run?.metrics ?? bestOf(comparison),
    comparison,
    links: {
      run: run && runPathOf(run.id, run.kind),
      temporal: run && places.temporal(run.id, run.kind),
      page: run && places.page(run.id, run.kind),
    },
  };
}

/** What the result's address shows of a run, the night of a schedule or not. */
export function withNight<Shown extends object>(result: Shown, night: NightRow | null): Shown & { night: NightOfResult } {
  if (night === null) return { ...result, night: undefined };
  const { scheduleId: schedule, nominalAt, comparison } = night;
  return { ...result, night: { schedule, nominalTime: isoTime(nominalAt), comparison } };
}
