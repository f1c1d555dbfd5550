import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { FullRunRow } from '../../results/runs.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { RUN_REQUESTS, batchPathOf, isTerminal, type RunRequest } from '../../shared/names.ts';
import { Run } from '../../shared/run.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { findRun, RunParams } from '../find-run.ts';
import { problems } from '../problems.ts';
import { toRun } from '../run-resource.ts';

const SUMMARIES: Record<RunRequest, string> = {
  pause: 'Pause: stop at the next bar and keep everything',
  resume: 'Resume: go on where the pause stopped',
  cancel: 'Cancel: stop for good, with partial results',
};

/** Pause, resume, cancel. A 202 means recorded: the request reaches the run also when Temporal is away or the workers are down. */
export function backtestControls({ store, orchestrator }: ApiDependencies) {
  async function deliver({ id }: FullRunRow, wanted: RunRequest): Promise<void> {
    // Nobody waits for a call of which it is known that it will fail.
    if (!(await orchestrator.available())) throw new HoldfastError('orchestrator_unavailable', 'Temporal does not answer');
    await (wanted === 'cancel' ? orchestrator.cancel(id) : orchestrator.signal(id, wanted));
  }

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    for (const wanted of RUN_REQUESTS) {
      const schema = { tags: ['backtests'], summary: SUMMARIES[wanted], params: RunParams, response: { 202: Run, ...problems(404, 409) } };
      app.post(`/backtests/:id/${wanted}`, { schema }, async (request, reply) => {
        const accepted = (run: FullRunRow) => reply.code(202).send(toRun(run, orchestrator.webUrl));
        const run = await findRun(store, request);
        refuseItem(run);
        refuse(run, wanted);
        if (isSo(run, wanted)) return accepted(run);

        const recorded = await store.request(request.owner, run.id, wanted);
        if (recorded?.requested !== wanted) {
          // The run has moved on since it was read.
          const moved = await findRun(store, request);
          refuse(moved, wanted);
          return accepted(moved);
        }
        await deliver(recorded, wanted).catch((error: unknown) => {
          request.log.warn({ err: error, run: run.id }, `the ${wanted} was recorded but not delivered: left to the reconciler`);
        });
        return accepted(recorded);
      });
    }
  };
}

/** True when there is nothing left to ask for: repeating is harmless. */
export function isSo({ status, requested }: Pick<FullRunRow, 'status' | 'requested'>, wanted: RunRequest): boolean {
  if (wanted === 'cancel') return status === 'cancelled';
  if (requested !== null) return false;
  return wanted === 'pause' ? status === 'paused' : status === 'queued' || status === 'running';
}

function refuseItem({ id, batchId }: FullRunRow): void {
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
