import type { WorkflowState } from '../orchestration/workflow-state.ts';
import type { AnyRunRow } from '../results/runs.ts';
import { ERRORS } from '../shared/errors.ts';
import type { WorkflowKind } from '../shared/names.ts';
import type { RunError } from '../shared/run.ts';
import { sweepInputOf } from '../shared/start.ts';
import type { Ports } from './ports.ts';

type ReconcilerPorts = Pick<Ports, 'results' | 'workflows'>;

/** What was done for a run; null when row and workflow agree. */
export type Reconciliation = 'started' | 'closed' | 'delivered' | 'stalled';

/** Makes one open row and its workflow agree. Safe to repeat and to run twice at once. */
export async function reconcileRun(ports: ReconcilerPorts, row: AnyRunRow): Promise<Reconciliation | null> {
  const state = await ports.workflows.describe(row.kind, row.id);
  if (state === null || (state.closed && isExtended(row))) {
    await start(ports, row);
    return 'started';
  }
  if (state.closed) return (await closeRow(ports, row, state)) ? 'closed' : null;
  const delivered = await deliverRequest(ports.workflows, row);
  return (await showStall(ports, row, state.stall)) ? 'stalled' : delivered;
}

/** A sweep that had ended, and was given more trials since. */
function isExtended({ kind, status, epoch }: AnyRunRow): boolean {
  return kind === 'sweep' && status === 'queued' && epoch > 0;
}

function start({ workflows }: ReconcilerPorts, row: AnyRunRow): Promise<void> {
  if (row.kind === 'sweep') return workflows.startSweep({ ...sweepInputOf(row), again: isExtended(row) });
  return workflows.start({ runId: row.id, owner: row.owner, spec: row.spec, checkpoint: row.checkpoint, verifies: row.verifies });
}

async function closeRow({ results }: ReconcilerPorts, row: AnyRunRow, state: WorkflowState & { closed: true }): Promise<boolean> {
  const cancelled = state.outcome === 'CANCELLED';
  const ended = `${ERRORS.workflow_ended.title} (${state.outcome.toLowerCase().replaceAll('_', ' ')} in Temporal).`;
  const message = `${ended} Reset the workflow in Temporal Web to go on from a point of it, or submit the run again.`;
  return results.project({
    runId: row.id,
    // One past the row as it was read: where the workflow wrote its end meanwhile, this changes nothing.
    epoch: row.epoch,
    sequence: row.sequence + 1,
    change: {
      status: cancelled ? 'cancelled' : 'failed',
      phase: null,
      finishedAt: state.closedAt,
      ...(!cancelled && { error: { code: 'workflow_ended', message } }),
    },
  });
}

/** Sends what was asked of a run or batch while Temporal was away; null where there is nothing to send, or nobody to send it to. */
export async function deliverRequest(
  workflows: Ports['workflows'],
  { kind, id, requested }: { kind: WorkflowKind } & Pick<AnyRunRow, 'id' | 'requested'>,
): Promise<'delivered' | null> {
  if (requested === null) return null;
  const reached = requested === 'cancel' ? await workflows.cancel(kind, id) : await workflows.signal(kind, id, requested);
  return reached ? 'delivered' : null;
}

/** A workflow that only looks running says so in its row, until it gets ahead again. */
export async function showStall({ results }: ReconcilerPorts, row: AnyRunRow, stall: string | null): Promise<boolean> {
  const { id: runId, epoch, sequence, error: shown } = row;
  const error = stalled(stall);
  if (error?.message !== shown?.message) await results.reportStall({ runId, epoch, sequence, error });
  return error !== null;
}

/** What holds a workflow up, as the error of its row; null when it gets ahead. */
export function stalled(stall: string | null): RunError | null {
  if (stall === null) return null;
  return {
    code: 'stalled',
    message: `${stall.replace(/[.!?]?\s*$/, '.')} It goes on by itself once the cause is gone; docs/operations.md says what to look at.`,
  };
}
