import type { FullRunRow, RunRow } from '../results/runs.ts';
import { runPathOf } from '../shared/names.ts';
import type { StoredSweepResult, Sweep, SweepResult, SweepSummary } from '../shared/sweep.ts';
import type { Places } from './places.ts';
import { progressOf, toRunSummary } from './run-resource.ts';

/** The row of a sweep as lists show it. */
export function toSweepSummary(row: RunRow, places: Places): SweepSummary {
  const { metrics: _metrics, batch: _batch, links: _links, ...shared } = toRunSummary(row, places);
  const self = runPathOf(row.id, 'sweep');
  return {
    ...shared,
    kind: 'sweep',
    progress: progressOf(row, 'trials'),
    links: {
      self,
      result: `${self}/result`,
      trials: `${self}/trials`,
      events: `${self}/events`,
      temporal: places.temporal(row.id, 'sweep'),
      page: places.page(row.id, 'sweep'),
    },
  };
}

/** A row as its own address shows it. */
export function toSweep(row: FullRunRow<'sweep'>, places: Places): Sweep {
  return { ...toSweepSummary(row, places), spec: row.spec };
}

/** What the result's address shows of it. */
export function toSweepResult(runId: string, { dataset: _dataset, table: _table, ...result }: StoredSweepResult): SweepResult {
  return { runId, ...result };
}
