import type { FullRunRow, RunRow } from '../results/runs.ts';
import { runPathOf } from '../shared/names.ts';
import type { StoredSweepResult, Sweep, SweepResult, SweepSummary } from '../shared/sweep.ts';
import { progressOf, toRunSummary, type WebUrl } from './run-resource.ts';

/** The row of a sweep as lists show it. */
export function toSweepSummary(row: RunRow, webUrl: WebUrl): SweepSummary {
  const { metrics: _metrics, batch: _batch, links: _links, ...shared } = toRunSummary(row, webUrl);
  const self = runPathOf(row.id, 'sweep');
  return {
    ...shared,
    kind: 'sweep',
    progress: progressOf(row, 'trials'),
    links: { self, result: `${self}/result`, trials: `${self}/trials`, events: `${self}/events`, temporal: webUrl(row.id, 'sweep') },
  };
}

/** A row as its own address shows it. */
export function toSweep(row: FullRunRow<'sweep'>, webUrl: WebUrl): Sweep {
  return { ...toSweepSummary(row, webUrl), spec: row.spec };
}

/** What the result's address shows of it. */
export function toSweepResult(runId: string, { dataset: _dataset, table: _table, ...result }: StoredSweepResult): SweepResult {
  return { runId, ...result };
}
