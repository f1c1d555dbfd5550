import type { WorkflowState } from '../orchestration/workflow-state.ts';
import type { FullRunRow } from '../results/runs.ts';
import { ERRORS } from '../shared/errors.ts';
import type { Ports } from './ports.ts';

type ReconcilerPorts = Pick<Ports, 'results' | 'workflows'>;

/** What was done for a run; null when row and workflow agree. */
export type Reconciliation = 'started' | 'closed' | 'delivered' | 'stalled';

/** Makes one open row and its workflow agree. Safe to repeat and to run twice at once. */
export async function reconcileRun(ports: ReconcilerPorts, row: FullRunRow): Promise<Reconciliation | null> {
  const state = await ports.workflows.describe(row.kind, row.id);
  if (state === null) {
    await ports.workflows.start({ runId: row.id, owner: row.owner, spec: row.spec, checkpoint: row.checkpoint, verifies: row.verifies });
    return 'started';
  }
  if (state.closed) return (await closeRow(ports, row, state)) ? 'closed' : null;
  const delivered = await deliverRequest(ports, row);
  return (await showStall(ports, row, state.stall)) ? 'stalled' : delivered;
}

async function closeRow({ results }: ReconcilerPorts, row: FullRunRow, state: WorkflowState & { closed: true }): Promise<boolean> {
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

async function deliverRequest({ workflows }: ReconcilerPorts, row: FullRunRow): Promise<'delivered' | null> {
  if (row.requested === null) return null;
  const { kind, id, requested } = row;
  const reached = requested === 'cancel' ? await workflows.cancel(kind, id) : await workflows.signal(kind, id, requested);
  return reached ? 'delivered' : null;
}

/** A workflow that only looks running says so in its row, until it gets ahead again. */
async function showStall({ results }: ReconcilerPorts, row: FullRunRow, stall: string | null): Promise<boolean> {
  const message = stall && `${stall} It goes on by itself once the cause is gone; docs/operations.md says what to look at.`;
  if (message === (row.error?.message ?? null)) return stall !== null;
  const { id: runId, epoch, sequence } = row;
  await results.reportStall({ runId, epoch, sequence, error: message === null ? null : { code: 'stalled', message } });
  return stall !== null;
}
