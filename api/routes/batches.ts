import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { v7 as uuidv7 } from 'uuid';
import * as z from 'zod';
import type { BatchRow } from '../../results/batches.ts';
import { Batch, BatchSpec } from '../../shared/batch.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { faultsOf } from '../../shared/faults.ts';
import { BATCH_LIMIT } from '../../shared/names.ts';
import { toBatch } from '../batch-resource.ts';
import { checkSpecs, type CheckPorts } from '../check-spec.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { findBatch } from '../find-batch.ts';
import { RunParams } from '../find-run.ts';
import { IdempotencyKey, idempotencyOf } from '../idempotency.ts';
import { problems } from '../problems.ts';
import { acceptedOf } from '../refuse-submission.ts';
import { RunListQuery, RunPage, toRunPage, toRunQuery } from '../run-list.ts';
import { validateAllButBody } from '../validation.ts';

const tags = ['batches'];
/** Room for 2,000 specs with rules. */
const BODY_LIMIT = 16 * 2 ** 20;

/** Of each item only what a look at its spec cannot tell: that is checked with the rest of it. */
const Envelope = BatchSpec.extend({ items: z.array(z.unknown()).min(1).max(BATCH_LIMIT) });

/** Many backtests at once. */
export function batches(dependencies: ApiDependencies) {
  const { store, orchestrator, places } = dependencies;
  const shown = (batch: BatchRow): Batch => toBatch(batch, places);

  /** The row is what counts: where this fails, the reconciler starts the workflow. */
  async function start({ id, owner, name, items }: BatchRow, request: FastifyRequest): Promise<void> {
    try {
      const count = Object.values(items).reduce((sum, each) => sum + each, 0);
      await orchestrator.startBatch({ batchId: id, owner, name, items: count });
    } catch (error) {
      request.log.warn({ err: error, batch: id }, 'the workflow was not started: left to the reconciler');
    }
  }

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    const submit = {
      tags,
      summary: 'Submit up to 2,000 backtests, all or none',
      description: 'Each item is a run of its own, with its own result; pause, resume and cancel are for the whole.',
      headers: z.object({ 'idempotency-key': IdempotencyKey.optional() }),
      body: BatchSpec,
      response: { 202: Batch, ...problems(400, 403, 413, 415, 422, 429, 503) },
    };
    app.post('/batches', { schema: submit, validatorCompiler: validateAllButBody, bodyLimit: BODY_LIMIT }, async (request, reply) => {
      const submitted = await accept(dependencies, request, reply);
      const { batch } = submitted;
      // A replay may come from a client whose first request died right after the rows were written.
      if (batch.status === 'queued') await start(batch, request);
      if (submitted.outcome === 'replayed') reply.header('idempotency-replayed', 'true');
      const resource = shown(batch);
      return reply.code(202).header('location', resource.links.self).send(resource);
    });

    const one = { tags, params: RunParams };
    const get = { ...one, summary: 'One batch, with its items by status', response: { 200: Batch, ...problems(404) } };
    app.get('/batches/:id', { schema: get }, async (request) => shown(await findBatch(store, request)));

    const list = {
      ...one,
      summary: 'Its items',
      querystring: RunListQuery.omit({ batch: true }),
      response: { 200: RunPage, ...problems(404, 422) },
    };
    app.get('/batches/:id/items', { schema: list }, async (request) => {
      const { owner, query } = request;
      const { id } = await findBatch(store, request);
      const rows = await store.list(owner, { ...toRunQuery(query), batchId: id });
      return toRunPage(rows, query, places);
    });
  };
}

type Accepting = FastifyRequest<{ Headers: { 'idempotency-key'?: string | undefined } }>;

async function accept(dependencies: ApiDependencies, { owner, identity, body, headers }: Accepting, reply: FastifyReply) {
  const { store, orchestrator, blocks, limitsOf } = dependencies;
  const { name, specs } = await checkBatch(body, { ...dependencies, marketData: dependencies.marketData.of(owner) });
  await blocks.refuseStrategies(specs.map(({ spec }) => spec.strategy.name));
  if (!(await orchestrator.available())) {
    throw new HoldfastError('orchestrator_unavailable', 'Temporal does not answer, and nothing was accepted. Try again soon.');
  }
  const idempotency = idempotencyOf(headers['idempotency-key'], { name, items: specs.map(({ spec }) => spec) });
  const items = specs.map(({ spec, bars }) => ({ id: uuidv7(), spec, total: bars }));
  return acceptedOf(await store.submitBatch({ id: uuidv7(), owner, name, items, idempotency, limits: limitsOf(identity.plan) }), reply);
}

async function checkBatch(body: unknown, dependencies: CheckPorts) {
  const envelope = Envelope.safeParse(body);
  if (!envelope.success) {
    throw new HoldfastError('invalid_spec', 'Correct what "errors" lists and send the batch again.', { faults: faultsOf(envelope.error) });
  }
  const specs = await checkSpecs(envelope.data.items, dependencies);
  return { name: envelope.data.name ?? `${specs.length} backtests`, specs };
}
