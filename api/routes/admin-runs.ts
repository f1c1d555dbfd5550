import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { HoldfastError } from '../../shared/errors.ts';
import { RUN_REQUESTS } from '../../shared/names.ts';
import { Run } from '../../shared/run.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { noSuchRun, ownRun, RunParams } from '../find-run.ts';
import { problems } from '../problems.ts';
import { RunListQuery, RunPage, toRunPage, toRunQuery } from '../run-list.ts';
import { toRun } from '../run-resource.ts';
import { createSteering, refuseItem } from '../steer-run.ts';

const AdminListQuery = RunListQuery.omit({ symbol: true, tag: true, batch: true }).extend({
  owner: z.string().max(200).optional().describe('Runs of this owner only'),
});

const tags = ['operators'];
const config = { access: 'admin' } as const;

/** Runs of any owner, for operators, who act as the owner of each. */
export function adminRuns({ store, orchestrator, places }: ApiDependencies) {
  const steer = createSteering({ store, orchestrator });
  const ownerOf = async (id: string): Promise<string> => {
    const owner = await store.ownerOf(id);
    if (owner === null) throw noSuchRun(id);
    return owner;
  };

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    const list = { tags, summary: 'Runs of every owner', querystring: AdminListQuery, response: { 200: RunPage, ...problems(403, 422) } };
    app.get('/admin/backtests', { schema: list, config }, async ({ query: { owner, ...query } }) => {
      const wanted = toRunQuery(query);
      return toRunPage(await (owner === undefined ? store.listAll(wanted) : store.list(owner, wanted)), query, places);
    });

    for (const wanted of RUN_REQUESTS) {
      const summary = `As an operator: ${wanted} a run of anyone`;
      const control = { tags, summary, params: RunParams, response: { 202: Run, ...problems(403, 404, 409) } };
      app.post(`/admin/backtests/:id/${wanted}`, { schema: control, config }, async ({ params: { id }, log, owner: by }, reply) => {
        const run = await steer({ owner: await ownerOf(id), id, wanted, log });
        log.info({ run: id, by }, `an operator asked for: ${wanted}`);
        return reply.code(202).send(toRun(run, places));
      });
    }

    const requeue = {
      tags,
      summary: 'Start a run again that failed, was cancelled or is stuck, from its last checkpoint',
      params: RunParams,
      response: { 202: Run, ...problems(403, 404, 409, 503) },
    };
    app.post('/admin/backtests/:id/requeue', { schema: requeue, config }, async ({ params: { id }, log, owner: by }, reply) => {
      const run = await ownRun(store, await ownerOf(id), id);
      refuseItem(run);
      if (run.status === 'completed') throw new HoldfastError('already_finished', `The run ${id} is completed: verify it to run it again.`);
      const { owner, spec, checkpoint, verifies } = run;
      await orchestrator.restart({ runId: id, owner, spec, checkpoint, verifies });
      log.info({ run: id, by }, 'an operator started a run again');
      return reply.code(202).send(toRun(run, places));
    });
  };
}
