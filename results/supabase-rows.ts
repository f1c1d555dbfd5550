import type { RunKind } from '../shared/names.ts';
import type { BatchProjection } from './batches.ts';
import { fromColumns, toColumns } from './columns.ts';
import { fold, foldName } from './fold.ts';
import { labelsOf } from './labels.ts';
import { bytesOf, type OverQuota } from './quotas.ts';
import type { FullRunRow, Projection, RunQuery, Submitted } from './runs.ts';

/** A new run as the table has it. */
export function runColumns(run: FullRunRow<RunKind>): object {
  return toColumns({ ...run, nameFolded: foldName(run.name), storedBytes: 0 });
}

/** A change of a run under the names of its columns, with what follows from its result. */
export function projectionColumns({ change, ...projection }: Projection): object {
  const { result } = change;
  const figures = result && { storedBytes: bytesOf(result), ...('metrics' in result && { metrics: result.metrics }) };
  return toColumns({ ...projection, change: toColumns({ ...change, ...figures }) });
}

export function batchProjectionColumns(projection: BatchProjection): object {
  return toColumns({ ...projection, change: toColumns(projection.change) });
}

/** What a list is asked for. */
export function queryColumns(query: RunQuery): object {
  const { after, text, ...rest } = query;
  return toColumns({
    ...rest,
    labels: labelsOf(query),
    text: text === undefined ? undefined : fold(text),
    after: after && { created_at: after.createdAt, id: after.id },
  });
}

/** What a submission came to, as the database gives it. */
export type SubmittedJson = { outcome: 'accepted' | 'replayed'; run: object } | { outcome: 'key_reused' } | OverQuota;

export function toSubmitted<Kind extends RunKind>(submitted: SubmittedJson): Submitted<Kind> {
  return 'run' in submitted ? { outcome: submitted.outcome, run: fromColumns<FullRunRow<Kind>>(submitted.run) } : submitted;
}
