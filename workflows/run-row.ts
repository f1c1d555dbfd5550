import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { Projection } from '../results/runs.ts';
import { isTerminal } from '../shared/names.ts';
import { rows } from './activity-options.ts';

/** Which Temporal run writes: later ones of the same workflow win over earlier ones. */
export type Writer = Pick<Projection, 'epoch' | 'reset'>;

export interface RunRowWriter {
  readonly writer: Writer;
  /** The next change of the row, numbered, for an activity that writes it together with something else. */
  next(change: Projection['change']): Projection;
  /** Writes a change; also when the workflow has been cancelled. */
  write(change: Projection['change']): Promise<void>;
}

export function writerOfThisRun(): Writer {
  const { runStartTime, originalExecutionRunId, runId } = workflowInfo();
  return { epoch: runStartTime.getTime(), ...(originalExecutionRunId !== runId && { reset: true }) };
}

/** Numbers the changes that a workflow makes to its row, so that a late or repeated write never wins over a newer one. */
export function createRunRowWriter(runId: string): RunRowWriter {
  const writer = writerOfThisRun();
  // Each write says all of it: after a reset the row may hold the end of the run that was reset.
  let standing: Pick<Projection['change'], 'status' | 'phase'> = { status: 'running' };
  let sequence = 0;
  const next = (change: Projection['change']): Projection => {
    const { status = standing.status, phase = standing.phase } = change;
    standing = { ...(status && { status }), ...(phase !== undefined && { phase }) };
    // An open run that writes gets ahead: whatever held it up is over.
    const healed = status && !isTerminal(status) ? { error: null } : {};
    return { runId, ...writer, sequence: ++sequence, change: { ...standing, ...healed, ...change } };
  };
  return {
    writer,
    next,
    write: (change) => CancellationScope.nonCancellable(() => rows.project(next(change))),
  };
}
