import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { Run } from '../../shared/run.ts';
import { BacktestSpec } from '../../shared/spec.ts';
import { AcceptHeaders, acceptBacktests } from '../accept-run.ts';
import { checkSpec } from '../check-spec.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { Estimate, estimateOf } from '../estimate.ts';
import { problems } from '../problems.ts';
import { validateAllButBody } from '../validation.ts';

const tags = ['backtests'];

const submitSchema = {
  tags,
  summary: 'Submit a backtest',
  description:
    'A 202 means accepted for good: the run finishes, whatever crashes. Read it at its `Location`; `Idempotency-Replayed: true` marks a run accepted before.',
  headers: AcceptHeaders,
  body: BacktestSpec,
  response: { 202: Run, ...problems(400, 403, 413, 415, 422, 429, 503) },
};

/** Accepts backtests, and says beforehand what one would cost. */
export function backtestSubmission(dependencies: ApiDependencies) {
  const accept = acceptBacktests(dependencies);

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    app.post('/backtests', { schema: submitSchema, validatorCompiler: validateAllButBody }, async (request, reply) => {
      const { spec, bars } = await checkSpec(request.body, { ...dependencies, marketData: dependencies.marketData.of(request.owner) });
      return accept(request, reply, { spec, total: bars, payload: spec });
    });

    const estimate = {
      tags,
      summary: 'What a backtest would cost',
      body: BacktestSpec,
      response: { 200: Estimate, ...problems(400, 413, 415, 422) },
    };
    app.post(
      '/backtests/estimate',
      { schema: estimate, config: { access: 'read' }, validatorCompiler: validateAllButBody },
      async ({ body, owner }) => {
        const marketData = dependencies.marketData.of(owner);
        const checked = await checkSpec(body, { ...dependencies, marketData });
        const quote = await marketData.quote(checked.spec);
        return estimateOf({ ...checked, quote }, dependencies.workerMemoryBytes);
      },
    );
  };
}
