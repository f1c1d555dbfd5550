import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { v7 as uuidv7 } from 'uuid';
import * as z from 'zod';
import type { FullRunRow } from '../../results/store.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { Run } from '../../shared/run.ts';
import { BacktestSpec } from '../../shared/spec.ts';
import { checkSpec } from '../check-spec.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { Estimate, estimateOf } from '../estimate.ts';
import { IdempotencyKey, idempotencyOf } from '../idempotency.ts';
import { problems } from '../problems.ts';
import { runPath, toRun } from '../run-resource.ts';
import { validateAllButBody } from '../validation.ts';

const tags = ['backtests'];

const submitSchema = {
  tags,
  summary: 'Submit a backtest',
  description:
    'A 202 means accepted for good: the run finishes, whatever crashes. Read it at its `Location`; `Idempotency-Replayed: true` marks a run accepted before.',
  headers: z.object({ 'idempotency-key': IdempotencyKey.optional() }),
  body: BacktestSpec,
  response: { 202: Run, ...problems(400, 413, 415, 422, 503) },
};

/** Accepts backtests, and says beforehand what one would cost. */
export function backtestSubmission(dependencies: ApiDependencies) {
  const { store, orchestrator } = dependencies;
  /** The row is what counts: where this fails, the reconciler starts the workflow. */
  const start = async ({ id, owner, spec }: FullRunRow, log: FastifyBaseLogger): Promise<void> => {
    try {
      await orchestrator.start({ runId: id, owner, spec, checkpoint: null });
    } catch (error) {
      log.warn({ err: error, run: id }, 'the workflow was not started: left to the reconciler');
    }
  };

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    app.post('/backtests', { schema: submitSchema, validatorCompiler: validateAllButBody }, async (request, reply) => {
      const { spec, bars } = await checkSpec(request.body, dependencies);
      if (!(await orchestrator.available())) {
        throw new HoldfastError('orchestrator_unavailable', 'Temporal does not answer, and nothing was accepted. Try again soon.');
      }
      const idempotency = idempotencyOf(request.headers['idempotency-key'], spec);
      const submitted = await store.submit({ id: uuidv7(), kind: 'backtest', owner: request.owner, spec, total: bars, idempotency });
      if (submitted.outcome === 'key_reused') {
        throw new HoldfastError('key_reused', 'This Idempotency-Key belongs to another payload. Send the same payload, or take a new key.');
      }
      const { run } = submitted;
      // A replay may come from a client whose first request died right after the row was written.
      if (run.status === 'queued') await start(run, request.log);
      if (submitted.outcome === 'replayed') reply.header('idempotency-replayed', 'true');
      return reply.code(202).header('location', runPath(run.id)).send(toRun(run, orchestrator.webUrl));
    });

    const estimate = {
      tags,
      summary: 'What a backtest would cost',
      body: BacktestSpec,
      response: { 200: Estimate, ...problems(400, 413, 415, 422) },
    };
    app.post('/backtests/estimate', { schema: estimate, validatorCompiler: validateAllButBody }, async ({ body }) => {
      return estimateOf(await checkSpec(body, dependencies));
    });
  };
}
