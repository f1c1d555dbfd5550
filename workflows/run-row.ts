import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { Projection } from '../results/store.ts';
import { rows } from './activity-options.ts';

export interface RunRowWriter {
  /** Start of this Temporal run: later runs of the same workflow win over earlier ones. */
  readonly epoch: number;
  /** The next change of the row, numbered, for an activity that writes it together with something else. */
  next(change: Projection['change']): Projection;
  /** Writes a change; also when the workflow has been cancelled. */
  write(change: Projection['change']): Promise<void>;
}

/** Numbers the changes that a workflow makes to its row, so that a late or repeated write never wins over a newer one. */
export function createRunRowWriter(runId: string): RunRowWriter {
  const epoch = workflowInfo().runStartTime.getTime();
  let sequence = 0;
  const next = (change: Projection['change']): Projection => ({ runId, epoch, sequence: ++sequence, change });
  return {
    epoch,
    next,
    write: (change) => CancellationScope.nonCancellable(() => rows.project(next(change))),
  };
}
