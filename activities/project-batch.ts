import type { BatchProjection } from '../results/batches.ts';
import type { Ports } from './ports.ts';

/** Writes a workflow's change to the row of a batch; a stale one changes nothing. */
export function projectBatch({ results }: Ports) {
  return async (projection: BatchProjection): Promise<void> => {
    await results.projectBatch(projection);
  };
}
