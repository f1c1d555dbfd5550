import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import type { RunRow } from '../../results/runs.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { isTerminal } from '../../shared/names.ts';
import { Run } from '../../shared/run.ts';
import { ResultWithNight } from '../../shared/schedule.ts';
import { BacktestSpec } from '../../shared/spec.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { isUnchanged } from '../entity-tag.ts';
import { findRun, noSuchRun, resultOf, RunParams } from '../find-run.ts';
import { problems } from '../problems.ts';
import { RunListQuery, RunPage, toRunPage, toRunQuery } from '../run-list.ts';
import { watchOperatorPauses } from '../operator-pauses.ts';
import { toResult, toRun } from '../run-resource.ts';
import { withNight } from '../schedule-resource.ts';

const RunChange = z.strictObject({ name: BacktestSpec.shape.name, tags: BacktestSpec.shape.tags.removeDefault().optional() });

const tags = ['backtests'];
const oneRun = { tags, params: RunParams };
const unchanged = { 304: z.undefined().describe('What the client has (If-None-Match) is still so') };

/** Runs as they were accepted: list, read, rename, delete, and their results. */
export function backtests({ store, orchestrator, places }: ApiDependencies) {
  const operatorPauseOf = watchOperatorPauses(orchestrator);

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    const list = { tags, summary: 'List runs', querystring: RunListQuery, response: { 200: RunPage, ...problems(422) } };
    app.get('/backtests', { schema: list }, async ({ owner, query }) => {
      return toRunPage(await store.list(owner, { kind: 'backtest', ...toRunQuery(query) }), query, places);
    });

    const get = { ...oneRun, summary: 'One run', response: { 200: Run, ...unchanged, ...problems(404) } };
    app.get('/backtests/:id', { schema: get }, async (request, reply) => {
      const run = await findRun(store, request);
      const pause = isPausable(run) ? await operatorPauseOf(run.id) : null;
      const version = pause ? `${run.version}-${pause.since}` : run.version;
      return isUnchanged(request, reply, version) ? reply.send(undefined) : toRun(run, places, pause);
    });

    const patch = { ...oneRun, summary: 'Change name or tags', body: RunChange, response: { 200: Run, ...problems(404, 415, 422) } };
    app.patch('/backtests/:id', { schema: patch }, async ({ owner, params, body: { name, tags: labels } }) => {
      const run = await store.update(owner, params.id, { ...(name !== undefined && { name }), ...(labels && { tags: labels }) });
      if (run === null) throw noSuchRun(params.id);
      return toRun(run, places);
    });

    const remove = { ...oneRun, summary: 'Delete a finished run', response: { 204: z.undefined(), ...problems(404, 409) } };
    app.delete('/backtests/:id', { schema: remove }, async (request, reply) => {
      if (await store.remove(request.owner, request.params.id)) return reply.code(204).send();
      const { id, status } = await findRun(store, request);
      throw new HoldfastError('not_deletable', `The run ${id} is ${status}. Cancel it first, or wait until it has finished.`);
    });

    const result = { ...oneRun, summary: 'Metrics and manifest', response: { 200: ResultWithNight, ...unchanged, ...problems(404, 409) } };
    app.get('/backtests/:id/result', { schema: result }, async (request, reply) => {
      const run = await findRun(store, request);
      const stored = resultOf(run);
      const night = await store.nightOf(request.owner, run.id);
      // What is new is said some moments after the run has ended.
      const version = night?.comparison ? `${run.version}-compared` : run.version;
      return isUnchanged(request, reply, version) ? reply.send(undefined) : withNight(toResult(run.id, stored), night);
    });
  };
}

/** Short runs are over before an operator could find them: asking Temporal for each would cost as much as its start. */
const TOO_YOUNG_MS = 1_000;

function isPausable({ status, createdAt }: RunRow): boolean {
  return !isTerminal(status) && Date.now() - createdAt > TOO_YOUNG_MS;
}
