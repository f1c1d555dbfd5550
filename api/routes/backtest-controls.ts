import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { RUN_REQUESTS, type RunRequest } from '../../shared/names.ts';
import { Run } from '../../shared/run.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { RunParams } from '../find-run.ts';
import { problems } from '../problems.ts';
import { toRun } from '../run-resource.ts';
import { createSteering } from '../steer-run.ts';

const SUMMARIES: Record<RunRequest, string> = {
  pause: 'Pause: stop at the next bar and keep everything',
  resume: 'Resume: go on where the pause stopped',
  cancel: 'Cancel: stop for good, with partial results',
};

/** Pause, resume, cancel. A 202 means recorded: the request reaches the run also when Temporal is away or the workers are down. */
export function backtestControls({ store, orchestrator, places }: ApiDependencies) {
  const steer = createSteering({ store, orchestrator });

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    for (const wanted of RUN_REQUESTS) {
      const schema = { tags: ['backtests'], summary: SUMMARIES[wanted], params: RunParams, response: { 202: Run, ...problems(404, 409) } };
      app.post(`/backtests/:id/${wanted}`, { schema }, async (request, reply) => {
        const run = await steer({ owner: request.owner, id: request.params.id, wanted, log: request.log });
        return reply.code(202).send(toRun(run, places));
      });
    }
  };
}
