import { batchPathOf, isTerminal, runPathOf } from '../shared/names.ts';
import type { Progress, Result, Run, RunSummary, StoredResult } from '../shared/run.ts';
import type { OperatorPause } from '../orchestration/workflow-state.ts';
import type { FullRunRow, RunRow } from '../results/runs.ts';
import type { Places } from './places.ts';

/** A row as lists show it. */
export function toRunSummary(row: RunRow, places: Places): RunSummary {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    tags: row.tags,
    strategy: row.strategy,
    symbols: row.symbols,
    timeframe: row.timeframe,
    status: row.status,
    requested: row.requested,
    phase: row.phase,
    owner: row.owner,
    error: row.error,
    metrics: row.metrics,
    progress: progressOf(row),
    createdAt: isoTime(row.createdAt),
    startedAt: row.startedAt === null ? null : isoTime(row.startedAt),
    finishedAt: row.finishedAt === null ? null : isoTime(row.finishedAt),
    batch: row.batchId,
    links: {
      self: runPathOf(row.id),
      result: `${runPathOf(row.id)}/result`,
      events: `${runPathOf(row.id)}/events`,
      temporal: places.temporal(row.id),
      page: places.page(row.id),
      ...(row.batchId !== null && { batch: batchPathOf(row.batchId) }),
    },
  };
}

/** A row as its own address shows it. */
export function toRun(row: FullRunRow, places: Places, pause: OperatorPause | null = null): Run {
  const operator = pause && {
    paused: true as const,
    step: pause.activity,
    by: pause.by,
    reason: pause.reason,
    since: isoTime(pause.since),
  };
  return { ...toRunSummary(row, places), verifies: row.verifies, spec: row.spec, operator };
}

/** What the result's address shows of it. */
export function toResult(runId: string, result: StoredResult): Result {
  const { partial, endReason, metrics, manifest, verdicts, verification, curve } = result;
  return { runId, partial, endReason, metrics, manifest, verdicts, ...(verification && { verification }), bars: curve.rows };
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

export function progressOf(
  { status, done, total, perSecond }: Pick<RunRow, 'status' | 'done' | 'total' | 'perSecond'>,
  unit: Progress['unit'] = 'bars',
): Progress {
  const speed = status === 'running' ? perSecond : 0;
  return {
    // The total is an estimate until the bars are fetched, and a bankrupt run ends before it.
    fraction: status === 'completed' ? 1 : total === 0 ? 0 : Math.min(1, done / total),
    done,
    total,
    unit,
    perSecond: speed,
    etaSeconds: isTerminal(status) || speed === 0 ? null : Math.max(0, total - done) / speed,
  };
}
