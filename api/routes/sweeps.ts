import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { HoldfastError } from '../../shared/errors.ts';
import { sweepInputOf } from '../../shared/start.ts';
import { SweepResultWithNight } from '../../shared/schedule.ts';
import { Sweep, SweepSummary } from '../../shared/sweep.ts';
import { SweepSpec } from '../../shared/sweep-spec.ts';
import { AcceptHeaders, createAcceptance } from '../accept-run.ts';
import { checkSweep, type CheckedSweep } from '../check-sweep.ts';
import { encodeCursor } from '../cursor.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { isUnchanged } from '../entity-tag.ts';
import { Estimate, estimateOf } from '../estimate.ts';
import { resultOf, RunParams } from '../find-run.ts';
import { findSweep, noSuchSweep } from '../find-sweep.ts';
import { problems } from '../problems.ts';
import { RunListQuery, toRunQuery } from '../run-list.ts';
import { withNight } from '../schedule-resource.ts';
import { toSweep, toSweepResult, toSweepSummary } from '../sweep-resource.ts';
import { validateAllButBody } from '../validation.ts';

const tags = ['sweeps'];
const Page = z.object({ items: z.array(SweepSummary), nextCursor: z.string().nullable().describe('Null on the last page') });
const SweepEstimate = Estimate.extend({ trials: z.int().describe('Trials, known or not') });
const Change = z.strictObject({
  name: SweepSpec.shape.name,
  tags: SweepSpec.shape.tags.removeDefault().optional(),
  priority: SweepSpec.shape.priority.removeDefault().optional(),
});
const unchanged = { 304: z.undefined().describe('What the client has (If-None-Match) is still so') };

/** Sweeps: submit, list, read, change, delete, and their results. */
export function sweeps(dependencies: ApiDependencies) {
  const { store, orchestrator, places } = dependencies;
  const accept = createAcceptance(dependencies, {
    kind: 'sweep',
    start: (row) => orchestrator.startSweep({ ...sweepInputOf(row), again: false }),
    shown: (row) => toSweep(row, places),
  });
  const checked = (body: unknown, owner: string): Promise<CheckedSweep> =>
    checkSweep(body, { ...dependencies, marketData: dependencies.marketData.of(owner) });

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    const submit = {
      tags,
      summary: 'Submit a sweep: many backtests that differ in parameters',
      description: 'A 202 means accepted for good. Trials that were computed before are not computed again.',
      headers: AcceptHeaders,
      body: SweepSpec,
      response: { 202: Sweep, ...problems(400, 413, 415, 422, 503) },
    };
    app.post('/sweeps', { schema: submit, validatorCompiler: validateAllButBody }, async (request, reply) => {
      const sweep = await checked(request.body, request.owner);
      refuseTooLarge(sweep, dependencies.workerMemoryBytes);
      return accept(request, reply, { spec: sweep.spec, total: sweep.trials, payload: { sweep: sweep.spec } });
    });

    const estimate = {
      tags,
      summary: 'What a sweep would cost',
      body: SweepSpec,
      response: { 200: SweepEstimate, ...problems(400, 413, 415, 422) },
    };
    app.post('/sweeps/estimate', { schema: estimate, validatorCompiler: validateAllButBody }, async ({ body, owner }) => {
      const sweep = await checked(body, owner);
      const quote = await dependencies.marketData.of(owner).quote(sweep.spec);
      const one = estimateOf({ ...sweep, quote }, dependencies.workerMemoryBytes);
      return { ...one, trials: sweep.trials, seconds: one.seconds * sweep.trials };
    });

    const list = {
      tags,
      summary: 'List sweeps',
      querystring: RunListQuery.omit({ batch: true }),
      response: { 200: Page, ...problems(422) },
    };
    app.get('/sweeps', { schema: list }, async ({ owner, query }) => {
      const rows = await store.list(owner, { kind: 'sweep', ...toRunQuery(query) });
      const page = rows.slice(0, query.limit);
      const last = rows.length > query.limit ? page.at(-1) : undefined;
      return { items: page.map((row) => toSweepSummary(row, places)), nextCursor: last ? encodeCursor(last) : null };
    });

    oneSweep(plain, dependencies);
  };
}

/** A sweep keeps its bars in memory as a whole: each trial goes through all of them. */
function refuseTooLarge(sweep: CheckedSweep, memoryBytes: number): void {
  if (!estimateOf({ ...sweep, quote: null }, memoryBytes).streamed) return;
  const message =
    'The bars are more than half of the memory of a worker, and a sweep keeps them there. Take a shorter range or fewer symbols.';
  throw new HoldfastError('sweep_too_large', message);
}

function oneSweep(plain: FastifyInstance, { store, places }: ApiDependencies): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const one = { tags, params: RunParams };

  const get = { ...one, summary: 'One sweep', response: { 200: Sweep, ...unchanged, ...problems(404) } };
  app.get('/sweeps/:id', { schema: get }, async (request, reply) => {
    const sweep = await findSweep(store, request);
    return isUnchanged(request, reply, sweep.version) ? reply.send(undefined) : toSweep(sweep, places);
  });

  const patch = {
    ...one,
    summary: 'Change name, tags or priority',
    description: 'A priority counts for what has not begun yet, also while it runs',
    body: Change,
    response: { 200: Sweep, ...problems(404, 415, 422) },
  };
  app.patch('/sweeps/:id', { schema: patch }, async ({ owner, params, body: { name, tags: labels, priority } }) => {
    const change = { ...(name !== undefined && { name }), ...(labels && { tags: labels }), ...(priority !== undefined && { priority }) };
    const sweep = await store.update(owner, params.id, change, 'sweep');
    if (sweep === null) throw noSuchSweep(params.id);
    return toSweep(sweep, places);
  });

  const remove = { ...one, summary: 'Delete a finished sweep', response: { 204: z.undefined(), ...problems(404, 409) } };
  app.delete('/sweeps/:id', { schema: remove }, async (request, reply) => {
    if (await store.remove(request.owner, request.params.id, 'sweep')) return reply.code(204).send();
    const { id, status } = await findSweep(store, request);
    throw new HoldfastError('not_deletable', `The sweep ${id} is ${status}. Cancel it first, or wait until it has finished.`);
  });

  const result = {
    ...one,
    summary: 'The best trials and the manifest',
    response: { 200: SweepResultWithNight, ...unchanged, ...problems(404, 409) },
  };
  app.get('/sweeps/:id/result', { schema: result }, async (request, reply) => {
    const sweep = await findSweep(store, request);
    const stored = resultOf(sweep);
    const night = await store.nightOf(request.owner, sweep.id);
    const version = night?.comparison ? `${sweep.version}-compared` : sweep.version;
    return isUnchanged(request, reply, version) ? reply.send(undefined) : withNight(toSweepResult(sweep.id, stored), night);
  });
}
