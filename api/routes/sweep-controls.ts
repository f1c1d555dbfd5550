import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import type { FullRunRow } from '../../results/runs.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { RUN_REQUESTS, SWEEP_LIMIT, type RunRequest } from '../../shared/names.ts';
import { sweepInputOf } from '../../shared/start.ts';
import { Sweep } from '../../shared/sweep.ts';
import { countTrials } from '../../strategies/sweep/count-trials.ts';
import { planOf } from '../../strategies/sweep/plan.ts';
import { AcceptHeaders, startOrLeave } from '../accept-run.ts';
import { invalidSpec } from '../check-spec.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { RunParams } from '../find-run.ts';
import { findSweep, noSuchSweep } from '../find-sweep.ts';
import { idempotencyOf } from '../idempotency.ts';
import { problems } from '../problems.ts';
import { acceptedOf } from '../refuse-submission.ts';
import { toSweep } from '../sweep-resource.ts';
import { isSo, refuse } from '../steer-run.ts';

const SUMMARIES: Record<RunRequest, string> = {
  pause: 'Pause a sweep: its shards stop after the trials that they are at',
  resume: 'Resume a sweep: it goes on where the pause stopped it',
  cancel: 'Cancel a sweep: the trials that are done are ranked and kept',
};
const tags = ['sweeps'];
const Extension = z.strictObject({ trials: z.int().min(1).max(SWEEP_LIMIT).describe('How many there are to be in all') });

/** Pause, resume, cancel and extend. A 202 means recorded, as for runs. */
export function sweepControls(dependencies: ApiDependencies) {
  const { store, orchestrator, limitsOf, places } = dependencies;
  const shown = (sweep: FullRunRow<'sweep'>): Sweep => toSweep(sweep, places);
  const deliver = (id: string, wanted: RunRequest): Promise<boolean> =>
    wanted === 'cancel' ? orchestrator.cancel(id, 'sweep') : orchestrator.signal(id, wanted, 'sweep');

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    for (const wanted of RUN_REQUESTS) {
      const schema = { tags, summary: SUMMARIES[wanted], params: RunParams, response: { 202: Sweep, ...problems(404, 409) } };
      app.post(`/sweeps/:id/${wanted}`, { schema }, async (request, reply) => {
        const sweep = await findSweep(store, request);
        refuse(sweep, wanted);
        if (isSo(sweep, wanted)) return reply.code(202).send(shown(sweep));
        const recorded = await store.request(request.owner, sweep.id, wanted, 'sweep');
        if (recorded?.requested !== wanted) {
          // The sweep has moved on since it was read.
          const moved = await findSweep(store, request);
          refuse(moved, wanted);
          return reply.code(202).send(shown(moved));
        }
        await deliver(sweep.id, wanted).catch((error: unknown) => {
          request.log.warn({ err: error, sweep: sweep.id }, `the ${wanted} was recorded but not delivered: left to the reconciler`);
        });
        return reply.code(202).send(shown(recorded));
      });
    }

    const extend = {
      tags,
      summary: 'Extend a sweep to a total number of trials',
      description: 'The trials are those that the sweep would have had with this number from the start. One that has completed goes on',
      params: RunParams,
      headers: AcceptHeaders,
      body: Extension,
      response: { 202: Sweep, ...problems(404, 409, 415, 422, 429) },
    };
    app.post('/sweeps/:id/extend', { schema: extend }, async (request, reply) => {
      const { id, spec } = await findSweep(store, request);
      const { trials } = request.body;
      await refuseMoreThanThereAre(spec, trials);
      const idempotency = idempotencyOf(request.headers['idempotency-key'], { extend: id, trials });
      const extended = acceptedOf(
        await store.extendSweep({ owner: request.owner, id, trials, idempotency, limits: limitsOf(request.identity.plan) }),
        reply,
      );
      if (extended.outcome === 'unknown') throw noSuchSweep(id);
      const { sweep } = extended;
      if (extended.outcome === 'refused') throw notExtendable(sweep, trials);
      if (sweep.status === 'queued')
        await startOrLeave(request, id, () => orchestrator.startSweep({ ...sweepInputOf(sweep), again: sweep.epoch > 0 }));
      return reply.code(202).send(shown(sweep));
    });
  };
}

async function refuseMoreThanThereAre(spec: FullRunRow<'sweep'>['spec'], trials: number): Promise<void> {
  const most = spec.search.kind === 'tpe' ? 20_000 : SWEEP_LIMIT;
  const there =
    trials > most ? most : await countTrials(planOf(spec), { search: { ...spec.search, trials }, budget: spec.budget }, setImmediate);
  if (there >= trials) return;
  throw invalidSpec('The extension', [{ path: 'trials', message: `this sweep can have ${there.toLocaleString('en-US')} at most` }]);
}

function notExtendable({ id, status, requested, total }: FullRunRow<'sweep'>, trials: number): HoldfastError {
  if (requested === 'cancel' || status === 'cancelling')
    return new HoldfastError(
      'cancelling',
      `The sweep ${id} is being cancelled, for good. Submit it anew with more trials: those that are done are known.`,
    );
  if (status === 'failed' || status === 'cancelled')
    return new HoldfastError(
      'already_finished',
      `The sweep ${id} is ${status}. Submit it anew with more trials: those that are done are known.`,
    );
  return new HoldfastError(
    'already_finished',
    `The sweep ${id} has ${total} trials already, and ${trials} are no more than that. The number is a total.`,
  );
}
