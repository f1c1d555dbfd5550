import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { Share, ShareSpec, ShareWithSecret } from '../../shared/credential.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { runPathOf } from '../../shared/names.ts';
import { issueCredential } from '../auth/issue-credential.ts';
import { toShare } from '../credential-resource.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { noSuchRun, RunParams } from '../find-run.ts';
import { problems } from '../problems.ts';

const HOUR_MS = 3_600_000;

const tags = ['account'];

/** Links by which others read one run. */
export function shares({ store }: ApiDependencies, { serviceUrl }: { serviceUrl: string }) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    const list = { tags, summary: 'Your links, newest first', response: { 200: z.object({ items: z.array(Share) }) } };
    app.get('/shares', { schema: list }, async ({ owner }) => ({ items: (await store.listCredentials(owner, 'share')).map(toShare) }));

    const make = {
      tags,
      summary: 'Share a run by a link',
      description:
        'Whoever has the secret may GET all below /v1/backtests/{id} of this run with ?share=… until it expires, and nothing else.',
      body: ShareSpec,
      response: { 201: ShareWithSecret, ...problems(400, 404, 409, 413, 415, 422) },
    };
    app.post('/shares', { schema: make }, async ({ identity, body }, reply) => {
      const { run, expiresInHours } = body;
      if ((await store.get(identity.owner, run)) === null) throw noSuchRun(run);
      const lifetimeMs = expiresInHours * HOUR_MS;
      const wanted = { kind: 'share' as const, name: '', scopes: ['read' as const], runId: run, lifetimeMs };
      const { secret, credential } = await issueCredential(store, identity, wanted);
      const url = `${serviceUrl}${runPathOf(run)}/report?share=${secret}`;
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...toShare(credential), secret, url });
    });

    const remove = { tags, summary: 'End a link', params: RunParams, response: { 204: z.undefined(), ...problems(404) } };
    app.delete('/shares/:id', { schema: remove }, async ({ owner, params: { id } }, reply) => {
      if (await store.removeCredential(owner, 'share', id)) return reply.code(204).send();
      throw new HoldfastError('not_found', `There is no link ${id}.`);
    });
  };
}
