import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { HoldfastError } from '../../shared/errors.ts';
import { Run } from '../../shared/run.ts';
import { AcceptHeaders, acceptBacktests } from '../accept-run.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { findRun, resultOf, RunParams } from '../find-run.ts';
import { problems } from '../problems.ts';

const verifySchema = {
  tags: ['backtests'],
  summary: 'Verify: run again on the same bars, and compare',
  description:
    'A 202 gives a new run with the same spec. It takes the stored bars of the earlier one, and `verification` in its result says whether curve, trades, orders, log and metrics came out with the same bytes, or what differs. Files of the earlier run are checked against their hashes.',
  params: RunParams,
  headers: AcceptHeaders,
  response: { 202: Run, ...problems(403, 404, 409, 422, 429, 503) },
};

/** Whether a result can be repeated, as it is promised. */
export function backtestVerification(dependencies: ApiDependencies) {
  const { store } = dependencies;
  const accept = acceptBacktests(dependencies);

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    app.post('/backtests/:id/verify', { schema: verifySchema }, async (request, reply) => {
      const run = await findRun(store, request);
      const { id, spec, total } = run;
      if (resultOf(run).partial)
        throw new HoldfastError('partial_result', `The run ${id} was stopped before its end. Verify a run that has completed.`);
      return accept(request, reply, { spec, total, verifies: id, payload: { verify: id } });
    });
  };
}
