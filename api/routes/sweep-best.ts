import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { v7 as uuidv7 } from 'uuid';
import * as z from 'zod';
import type { BatchRow } from '../../results/batches.ts';
import type { FullRunRow } from '../../results/runs.ts';
import { Batch } from '../../shared/batch.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { BacktestSpec } from '../../shared/spec.ts';
import { Trial } from '../../shared/sweep.ts';
import { backtestOf } from '../../shared/sweep-spec.ts';
import { bestRows, trialAt } from '../../strategies/sweep/ranked-trials.ts';
import { AcceptHeaders, startOrLeave } from '../accept-run.ts';
import { toBatch } from '../batch-resource.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { RunParams } from '../find-run.ts';
import { findSweep } from '../find-sweep.ts';
import { idempotencyOf } from '../idempotency.ts';
import { problems } from '../problems.ts';
import { acceptedOf } from '../refuse-submission.ts';
import type { SweepTrials, TrialsOfSweep } from '../sweep-trials.ts';

const BestQuery = z.strictObject({ k: z.coerce.number().int().min(1).max(100).default(10).describe('How many') });
const Best = z.object({ items: z.array(Trial.extend({ spec: BacktestSpec.describe('What POST /v1/backtests would take') })) });

/** The best trials of a sweep, to be run in full. */
export function sweepBest({ store, orchestrator, places, blocks, limitsOf }: ApiDependencies, trialsOf: TrialsOfSweep) {
  type Request = FastifyRequest<{ Headers: { 'idempotency-key'?: string | undefined } }>;

  /** Asked again, it is the same batch: the key is made of what is in it, where the client gave none. */
  async function accept(
    { owner, identity, headers }: Request,
    reply: FastifyReply,
    sweep: FullRunRow<'sweep'>,
    specs: readonly BacktestSpec[],
  ): Promise<BatchRow> {
    const payload = { best: sweep.id, specs };
    const key = headers['idempotency-key'] ?? `best/${idempotencyOf('', payload)!.fingerprint}`;
    const items = specs.map((spec) => ({ id: uuidv7(), spec, total: 0 }));
    const name = `Best of ${sweep.name}`.slice(0, 200);
    await blocks.refuseStrategies([sweep.spec.strategy.name]);
    const limits = limitsOf(identity.plan);
    return acceptedOf(
      await store.submitBatch({ id: uuidv7(), owner, name, items, idempotency: idempotencyOf(key, payload), limits }),
      reply,
    ).batch;
  }

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const one = { tags: ['sweeps'], params: RunParams, querystring: BestQuery };

    const best = { ...one, summary: 'The best trials, as backtests', response: { 200: Best, ...problems(404, 422) } };
    app.get('/sweeps/:id/best', { schema: best }, async (request) => {
      const sweep = await findSweep(store, request);
      return { items: bestOf(sweep, await trialsOf(sweep), request.query.k) };
    });

    const inFull = {
      ...one,
      summary: 'Run the best trials in full, as a batch of backtests with curves and trades',
      description: 'Asked again, it gives the same batch, as long as the trials are the same',
      headers: AcceptHeaders,
      response: { 202: Batch, ...problems(403, 404, 409, 422, 429, 503) },
    };
    app.post('/sweeps/:id/best', { schema: inFull }, async (request, reply) => {
      const sweep = await findSweep(store, request);
      const specs = bestOf(sweep, await trialsOf(sweep), request.query.k).map(({ spec }) => spec);
      if (specs.length === 0) throw new HoldfastError('not_finished', `The sweep ${sweep.id} has no trial with an objective yet.`);
      if (!(await orchestrator.available()))
        throw new HoldfastError('orchestrator_unavailable', 'Temporal does not answer, and nothing was accepted. Try again soon.');
      const batch = await accept(request, reply, sweep, specs);
      const { id: batchId, owner, name } = batch;
      if (batch.status === 'queued')
        await startOrLeave(request, batchId, () => orchestrator.startBatch({ batchId, owner, name, items: specs.length }));
      const resource = toBatch(batch, places);
      return reply.code(202).header('location', resource.links.self).send(resource);
    });
  };
}

function bestOf({ spec, name }: FullRunRow<'sweep'>, { plan, trials }: SweepTrials, count: number): z.infer<typeof Best>['items'] {
  const backtest = backtestOf(spec);
  return bestRows(trials, count).map((row) => {
    const trial = trialAt(plan, trials, row);
    const strategy = { ...spec.strategy, params: { ...spec.strategy.params, ...trial.params } };
    return { ...trial, spec: { ...backtest, strategy, name: `${name} #${trial.rank}`.slice(0, 200) } };
  });
}
