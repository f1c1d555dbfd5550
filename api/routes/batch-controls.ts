import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { BatchRow } from '../../results/batches.ts';
import { Batch } from '../../shared/batch.ts';
import { RUN_REQUESTS, type RunRequest } from '../../shared/names.ts';
import { toBatch } from '../batch-resource.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { findBatch } from '../find-batch.ts';
import { RunParams } from '../find-run.ts';
import { problems } from '../problems.ts';
import { isSo, refuse } from '../steer-run.ts';

const SUMMARIES: Record<RunRequest, string> = {
  pause: 'Pause a batch: each item that runs stops at its next bar',
  resume: 'Resume a batch: it goes on where the pause stopped it',
  cancel: 'Cancel a batch: what its items have so far is kept',
};

/** Pause, resume and cancel, for all items of a batch together. A 202 means recorded, as for runs. */
export function batchControls({ store, orchestrator, places }: ApiDependencies) {
  const deliver = (id: string, wanted: RunRequest): Promise<boolean> =>
    wanted === 'cancel' ? orchestrator.cancel(id, 'batch') : orchestrator.signal(id, wanted, 'batch');

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    for (const wanted of RUN_REQUESTS) {
      const schema = { tags: ['batches'], summary: SUMMARIES[wanted], params: RunParams, response: { 202: Batch, ...problems(404, 409) } };
      app.post(`/batches/:id/${wanted}`, { schema }, async (request, reply) => {
        const accepted = (batch: BatchRow) => reply.code(202).send(toBatch(batch, places));
        const batch = await findBatch(store, request);
        refuse({ ...batch, phase: null }, wanted);
        if (isSo(batch, wanted)) return accepted(batch);
        const recorded = await store.requestBatch(request.owner, batch.id, wanted);
        if (recorded?.requested !== wanted) {
          // The batch has moved on since it was read.
          const moved = await findBatch(store, request);
          refuse({ ...moved, phase: null }, wanted);
          return accepted(moved);
        }
        await deliver(batch.id, wanted).catch((error: unknown) => {
          request.log.warn({ err: error, batch: batch.id }, `the ${wanted} was recorded but not delivered: left to the reconciler`);
        });
        return accepted(recorded);
      });
    }
  };
}
