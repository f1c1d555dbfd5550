import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { Ticket } from '../../shared/credential.ts';
import { issueCredential } from '../auth/issue-credential.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { problems } from '../problems.ts';
import { isoTime } from '../run-resource.ts';

const LIFETIME_MS = 60_000;

const schema = {
  tags: ['backtests'],
  summary: 'A ticket that opens one event stream',
  description:
    'For a browser, whose EventSource cannot send a token: add it as ?ticket=… within a minute. It counts once; an EventSource that reconnects needs a new one.',
  response: { 201: Ticket, ...problems(409) },
};

/** Tickets stand in addresses, and so in logs of others: they are short-lived, and used up by the first who comes. */
export function eventTickets({ store }: ApiDependencies) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    app.post('/events/ticket', { schema, config: { access: 'read' } }, async ({ identity }, reply) => {
      const wanted = { kind: 'ticket' as const, name: '', scopes: ['read' as const], runId: null, lifetimeMs: LIFETIME_MS };
      const { secret, credential } = await issueCredential(store, identity, wanted);
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ticket: secret, expiresAt: isoTime(credential.expiresAt!) });
    });
  };
}
