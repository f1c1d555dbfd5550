import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { stateOf } from '../../monitoring/dependency-state.ts';
import type { ApiDependencies } from '../dependencies.ts';

const DependencyState = z.object({ ok: z.boolean(), message: z.string().nullable() });
const Readiness = z.object({
  status: z.enum(['ready', 'unavailable']),
  dependencies: z.object({ rows: DependencyState, artifacts: DependencyState, temporal: DependencyState }),
});

/** Liveness and readiness, for whatever watches over this process. */
export function health({ store, artifacts, orchestrator }: ApiDependencies) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    const live = { summary: 'Is the process alive?', tags: ['service'], response: { 200: z.object({ status: z.literal('ok') }) } };
    app.get('/healthz', { schema: live }, async () => ({ status: 'ok' as const }));

    const ready = {
      summary: 'Can runs be accepted? With each dependency',
      tags: ['service'],
      response: { 200: Readiness, 503: Readiness },
    };
    app.get('/readyz', { schema: ready }, async (_request, reply) => {
      const [rows, files, temporal] = await Promise.all([
        stateOf(store.check()),
        stateOf(artifacts.check()),
        stateOf(orchestrator.check()),
      ]);
      const isReady = rows.ok && files.ok && temporal.ok;
      const report = {
        status: isReady ? ('ready' as const) : ('unavailable' as const),
        dependencies: { rows, artifacts: files, temporal },
      };
      return reply.code(isReady ? 200 : 503).send(report);
    });
  };
}
