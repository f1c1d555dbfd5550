import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { Token, TokenSpec, TokenWithSecret } from '../../shared/credential.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { issueCredential } from '../auth/issue-credential.ts';
import { toToken } from '../credential-resource.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { RunParams } from '../find-run.ts';
import { problems } from '../problems.ts';

const DAY_MS = 86_400_000;

const tags = ['account'];
/** A token that makes tokens would outlive its own end. */
const config = { access: 'sign-in' } as const;

/** Personal access tokens: for the command line, notebooks and CI. */
export function tokens({ store }: ApiDependencies) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    const list = { tags, summary: 'Your tokens, newest first', response: { 200: z.object({ items: z.array(Token) }), ...problems(403) } };
    app.get('/tokens', { schema: list, config }, async ({ owner }) => ({
      items: (await store.listCredentials(owner, 'token')).map(toToken),
    }));

    const make = {
      tags,
      summary: 'Make a token',
      description: 'Its secret is shown in this answer and never again. Others than you need no password then: treat it like one.',
      body: TokenSpec,
      response: { 201: TokenWithSecret, ...problems(400, 403, 409, 413, 415, 422) },
    };
    app.post('/tokens', { schema: make, config }, async ({ identity, body }, reply) => {
      const { name, scopes, expiresInDays } = body;
      const wanted = { kind: 'token' as const, name, scopes: [...new Set(scopes)], runId: null, lifetimeMs: expiresInDays * DAY_MS };
      const { secret, credential } = await issueCredential(store, identity, wanted);
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...toToken(credential), secret });
    });

    const revoke = { tags, summary: 'Revoke a token', params: RunParams, response: { 204: z.undefined(), ...problems(403, 404) } };
    app.delete('/tokens/:id', { schema: revoke, config }, async ({ owner, params: { id } }, reply) => {
      if (await store.removeCredential(owner, 'token', id)) return reply.code(204).send();
      throw new HoldfastError('not_found', `There is no token ${id}.`);
    });
  };
}
