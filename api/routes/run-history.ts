import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { HoldfastError } from '../../shared/errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { findRun, RunParams } from '../find-run.ts';
import { findSweep } from '../find-sweep.ts';
import { problems } from '../problems.ts';

const History = z.object({ events: z.array(z.looseObject({})) });

const decompressed = promisify(gunzip);

/** What Temporal knew of a run, when it knows it no more. */
export function runHistory({ store, artifacts }: ApiDependencies) {
  async function sendHistory(reply: FastifyReply, owner: string, runId: string): Promise<FastifyReply> {
    const ref = await store.historyOf(owner, runId);
    if (ref === null) {
      throw new HoldfastError(
        'not_found',
        `No history of the run ${runId} is kept. It is there some moments after its end, where the workers have HOLDFAST_HISTORY_MB.`,
      );
    }
    return reply.type('application/json; charset=utf-8').send(await decompressed(await artifacts.get(ref)));
  }

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    for (const [kind, find] of [
      ['backtests', findRun],
      ['sweeps', findSweep],
    ] as const) {
      const schema = {
        tags: [kind],
        params: RunParams,
        summary: "The history of its workflow, as Temporal's own tools write it",
        description: 'Kept beyond the time for which Temporal has it. Temporal Web can import it. Payloads that were encrypted still are.',
        response: { 200: History, ...problems(404) },
      };
      app.get(`/${kind}/:id/history`, { schema }, async (request, reply) => {
        const { owner, id } = await find(store, request);
        return sendHistory(reply as FastifyReply, owner, id); // as it is stored, past the schema
      });
    }
  };
}
