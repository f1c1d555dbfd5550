import type { FastifyBaseLogger } from 'fastify';
import type { FullRunRow } from '../results/runs.ts';
import { HoldfastError } from '../shared/errors.ts';
import { batchPathOf, isTerminal, type RunRequest } from '../shared/names.ts';
import type { ApiDependencies } from './dependencies.ts';
import { ownRun } from './find-run.ts';

interface Steering {
  owner: string;
  id: string;
  wanted: RunRequest;
  log: FastifyBaseLogger;
}

/**
 * Records a request to a run, and takes it there: what is recorded reaches the run also when Temporal is away or the workers are down. Gives the run
 * as it then is; fails with `not_found`, and with the code of the state that forbids it.
 */
export function createSteering({ store, orchestrator }: Pick<ApiDependencies, 'store' | 'orchestrator'>) {
  async function deliver({ id }: FullRunRow, wanted: RunRequest): Promise<void> {
    // Nobody waits for a call of which it is known that it will fail.
    if (!(await orchestrator.available())) throw new HoldfastError('orchestrator_unavailable', 'Temporal does not answer');
    await (wanted === 'cancel' ? orchestrator.cancel(id) : orchestrator.signal(id, wanted));
  }

  return async ({ owner, id, wanted, log }: Steering): Promise<FullRunRow> => {
    const run = await ownRun(store, owner, id);
    refuseItem(run);
    refuse(run, wanted);
    if (isSo(run, wanted)) return run;
    const recorded = await store.request(owner, id, wanted);
    if (recorded?.requested !== wanted) {
      // The run has moved on since it was read.
      const moved = await ownRun(store, owner, id);
      refuse(moved, wanted);
      return moved;
    }
    await deliver(recorded, wanted).catch((error: unknown) => {
      log.warn({ err: error, run: id }, `the ${wanted} was recorded but not delivered: left to the reconciler`);
    });
    return recorded;
  };
}

/** True when there is nothing left to ask for: repeating is harmless. */
export function isSo({ status, requested }: Pick<FullRunRow, 'status' | 'requested'>, wanted: RunRequest): boolean {
  if (wanted === 'cancel') return status === 'cancelled';
  if (requested !== null) return false;
  return wanted === 'pause' ? status === 'paused' : status === 'queued' || status === 'running';
}

/** Fails with `part_of_batch`. */
export function refuseItem({ id, batchId }: FullRunRow): void {
  if (batchId === null) return;
  throw new HoldfastError('part_of_batch', `The run ${id} is an item of the batch ${batchId}: steer it by ${batchPathOf(batchId)}.`);
}

/** A run, or what is steered like one. */
type Steered = Pick<FullRunRow, 'id' | 'status' | 'requested' | 'phase'>;

/** Fails when the state of the run forbids what is wanted. */
export function refuse({ id, status, requested, phase }: Steered, wanted: RunRequest): void {
  if (isTerminal(status)) {
    if (wanted === 'cancel' && status === 'cancelled') return;
    throw new HoldfastError(
      'already_finished',
      `The run ${id} is ${status}: there is nothing left to ${wanted}. Submit it anew to run it again.`,
    );
  }
  const isCancelling = status === 'cancelling' || requested === 'cancel';
  if (isCancelling && wanted !== 'cancel') {
    throw new HoldfastError('cancelling', `The run ${id} is being cancelled, for good. Submit it anew to run it again.`);
  }
  if (!isCancelling && phase === 'aggregate' && wanted !== 'resume') {
    throw new HoldfastError(
      'finishing',
      `The run ${id} is writing its result: it is too late to ${wanted} it. Read its result in a moment.`,
    );
  }
}
