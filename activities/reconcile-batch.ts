import type { BatchRow } from '../results/batches.ts';
import { ERRORS } from '../shared/errors.ts';
import type { Ports } from './ports.ts';
import { deliverRequest, stalled, type Reconciliation } from './reconcile-run.ts';

/** Makes one open batch and its workflow agree. Safe to repeat and to run twice at once. */
export async function reconcileBatch(
  { results, workflows }: Pick<Ports, 'results' | 'workflows'>,
  batch: BatchRow,
): Promise<Reconciliation | null> {
  const { id: batchId, owner, name, epoch, sequence } = batch;
  const state = await workflows.describe('batch', batchId);
  if (state === null) {
    const items = Object.values(batch.items).reduce((sum, count) => sum + count, 0);
    await workflows.startBatch({ batchId, owner, name, items });
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
