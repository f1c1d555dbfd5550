import type { BatchProjection } from './batches.ts';
import { toColumns } from './columns.ts';
import { fold } from './fold.ts';
import type { FullRunRow, Projection } from './runs.ts';

/** A new run as the table has it. */
export function runColumns(run: FullRunRow): object {
  return toColumns({ ...run, nameFolded: fold(run.name) });
}

/** A change of a run or batch under the names of its columns. */
export function projectionColumns(projection: Projection | BatchProjection): object {
  return toColumns({ ...projection, change: toColumns(projection.change) });
}
