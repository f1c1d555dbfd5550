import type { BatchRow } from '../results/batches.ts';
import { ERRORS } from '../shared/errors.ts';
import { isTerminal } from '../shared/names.ts';
import type { Ports } from './ports.ts';
import { deliverRequest, showStall, stalled, type Reconciliation } from './reconcile-run.ts';

type ReconcilerPorts = Pick<Ports, 'results' | 'workflows'>;

/** Makes one open batch and its workflow agree. Safe to repeat and to run twice at once. */
export async function reconcileBatch({ results, workflows }: ReconcilerPorts, batch: BatchRow): Promise<Reconciliation | null> {
  const { id: batchId, owner, name, epoch, sequence } = batch;
  const state = await workflows.describe('batch', batchId);
  if (state === null) {
    await workflows.startBatch({ batchId, owner, name, items: itemsOf(batch) });
    return 'started';
  }
  if (!state.closed) {
    const delivered = await deliverRequest(workflows, { ...batch, kind: 'batch' });
    const error = stalled(state.stall);
    if (error?.message !== batch.error?.message) await results.reportBatchStall({ batchId, epoch, sequence, error });
    return error === null ? delivered : 'stalled';
  }
  const cancelled = state.outcome === 'CANCELLED';
  const message = `${ERRORS.workflow_ended.title} (${state.outcome.toLowerCase().replaceAll('_', ' ')} in Temporal). Reset the workflow in Temporal Web to do the items that are left, or submit them again.`;
  const error = cancelled ? null : { code: 'workflow_ended', message };
  const status = cancelled ? 'cancelled' : 'failed';
  const change = { status, error, finishedAt: state.closedAt, openItems: { status, error } } as const;
  // One past the row as it was read: where the workflow wrote its end meanwhile, this changes nothing.
  return (await results.projectBatch({ batchId, epoch, sequence: sequence + 1, change })) ? 'closed' : null;
}

/** Of the items that are done by workflows of their own, which are among `running`: says what holds them up. How many are held up. */
export async function showStallsOfItems(ports: ReconcilerPorts, batch: BatchRow, running: ReadonlySet<string>): Promise<number> {
  const items = await ports.results.batchItems(batch.id, 0, itemsOf(batch));
  let count = 0;
  for (const item of items.filter(({ id, status }) => running.has(id) && !isTerminal(status))) {
    const state = await ports.workflows.describe('backtest', item.id);
    if (state?.closed === false && (await showStall(ports, item, state.stall))) count += 1;
  }
  return count;
}

function itemsOf({ items }: BatchRow): number {
  return Object.values(items).reduce((sum, count) => sum + count, 0);
}
