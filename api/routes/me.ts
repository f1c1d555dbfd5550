import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { Limits, Usage } from '../../shared/limits.ts';
import { HoldfastError } from '../../shared/errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { problems } from '../problems.ts';

const Me = z.object({
  owner: z.string(),
  by: z.string().describe('What you are known by: session, token, api-token; embedded where nobody signs in'),
  scopes: z.array(z.string()),
  isAdmin: z.boolean(),
  plan: z.string().nullable(),
  limits: Limits.describe('What you may have and use; without a number there is no limit'),
  usage: Usage.describe('What you have, and have used since 00:00 UTC'),
});

/** Who asks, and how much of what they may they have used. */
export function me({ store, limitsOf }: ApiDependencies) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const schema = { tags: ['account'], summary: 'Who you are, your limits, and what you have used', response: { 200: Me } };
    app.get('/me', { schema }, async ({ identity }) => {
      const { owner, by, scopes, isAdmin, plan } = identity;
      const usage = await store.usageOf(owner, Date.now());
      return { owner, by, scopes: [...scopes], isAdmin, plan, limits: limitsOf(plan), usage };
    });

    const forgotten = {
      tags: ['account'],
      summary: 'Delete all that is yours: runs, uploads, tokens, webhooks',
      response: { 204: z.null(), ...problems(409) },
    };
    app.delete('/me', { schema: forgotten, config: { access: 'sign-in' } }, async ({ owner }, reply) => {
      if (!(await store.forget(owner)))
        throw new HoldfastError(
          'not_forgettable',
          'Cancel runs, sweeps and batches that are not finished, delete your schedules, and ask again in a minute.',
        );
      return reply.code(204).send(null);
    });
  };
}
