import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import type { ApiDependencies } from '../dependencies.ts';

const CHECK_MS = 2_000;

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

async function stateOf(check: Promise<void>): Promise<z.infer<typeof DependencyState>> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`No answer within ${CHECK_MS} ms`)), CHECK_MS);
  try {
    await Promise.race([check, tooLate]);
    return { ok: true, message: null };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
