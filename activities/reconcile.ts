import type { FullRunRow } from '../results/store.ts';
import { ERRORS } from '../shared/errors.ts';
import type { WorkflowState } from '../orchestration/run-workflows.ts';
import type { Ports } from './ports.ts';

/** Younger runs are left to the API, which starts their workflow right after the row is committed. */
const GRACE_MS = 5_000;
/** More than one service has open at once: a smaller batch, oldest first, would leave newer runs behind many paused ones. About 3 ms each. */
const BATCH = 10_000;

export interface Reconciled {
  looked: number;
  started: number;
  closed: number;
  delivered: number;
}

/**
 * Makes rows and workflows agree again, for every run that is not finished: starts the workflow of an accepted run that has none
 * (from its last checkpoint), closes the row of a workflow that ended without saying so, and delivers requests that were recorded
 * but not sent. Safe to repeat and to run twice at once.
 */
export function reconcile(ports: Ports) {
  return async (): Promise<Reconciled> => {
    const rows = await ports.results.listOpen(Date.now() - GRACE_MS, BATCH);
    const done: Reconciled = { looked: rows.length, started: 0, closed: 0, delivered: 0 };
    for (const row of rows) {
      const outcome = await reconcileRun(ports, row);
      if (outcome) done[outcome] += 1;
    }
    return done;
  };
}

async function reconcileRun(ports: Ports, row: FullRunRow): Promise<'started' | 'closed' | 'delivered' | null> {
  const state = await ports.workflows.describe(row.kind, row.id);
  if (state === null) {
    await ports.workflows.start({ runId: row.id, owner: row.owner, spec: row.spec, checkpoint: row.checkpoint });
    return 'started';
  }
  if (state.closed) return (await closeRow(ports, row, state)) ? 'closed' : null;
  return deliverRequest(ports, row);
}

async function closeRow(ports: Ports, row: FullRunRow, state: WorkflowState & { closed: true }): Promise<boolean> {
  const cancelled = state.outcome === 'CANCELLED';
  const message = `${ERRORS.workflow_ended.title} (${state.outcome.toLowerCase()} in Temporal). Submit the run again.`;
  return ports.results.project({
    runId: row.id,
    // One past the row as it was read: where the workflow wrote its end meanwhile, this changes nothing.
    epoch: row.epoch,
    sequence: row.sequence + 1,
    change: {
      status: cancelled ? 'cancelled' : 'failed',
      phase: null,
      finishedAt: state.closedAt,
      settled: true,
      ...(!cancelled && { error: { code: 'workflow_ended', message } }),
    },
  });
}

async function deliverRequest({ workflows }: Ports, row: FullRunRow): Promise<'delivered' | null> {
  if (row.requested === null) return null;
  const { kind, id, requested } = row;
  const reached = requested === 'cancel' ? await workflows.cancel(kind, id) : await workflows.signal(kind, id, requested);
  return reached ? 'delivered' : null;
}
