import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { v7 as uuidv7 } from 'uuid';
import * as z from 'zod';
import { HoldfastError } from '../../shared/errors.ts';
import { Webhook, WebhookSpec, WebhookWithSecret } from '../../shared/webhook.ts';
import { checkWebhookUrl } from '../check-webhook-url.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { RunParams } from '../find-run.ts';
import { problems } from '../problems.ts';
import { toWebhook } from '../webhook-resource.ts';

/** Each ends up as a workflow at the end of every run. */
const MOST = 20;
/** The signature of the secret before is sent too for so long. */
const OVERLAP_MS = 24 * 3_600_000;

const tags = ['account'];
const one = { tags, params: RunParams };

const WebhookChange = WebhookSpec.extend({
  statuses: WebhookSpec.shape.statuses.removeDefault(),
  enabled: z.literal(true).describe('Send there again what happens from now on'),
}).partial();

export interface WebhookOptions {
  reach: 'public' | 'any';
}

/** Where an owner wants to hear of the end of runs and batches. */
export function webhooks({ store }: ApiDependencies, { reach }: WebhookOptions) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    const list = { tags, summary: 'Your webhooks, newest first', response: { 200: z.object({ items: z.array(Webhook) }) } };
    app.get('/webhooks', { schema: list }, async ({ owner }) => ({ items: (await store.listWebhooks(owner)).map(toWebhook) }));

    const make = {
      tags,
      summary: 'Hear of the end of runs and batches by a POST to an address of yours',
      description: 'Messages are signed by the convention of Standard Webhooks, and sent again for a day until they are taken with a 2xx.',
      body: WebhookSpec,
      response: { 201: WebhookWithSecret, ...problems(400, 403, 409, 413, 415, 422) },
    };
    app.post('/webhooks', { schema: make }, async ({ owner, body: { url, statuses } }, reply) => {
      checkWebhookUrl(url, reach);
      const fresh = { earlierSecret: null, createdAt: Date.now(), disabled: null };
      const webhook = { id: uuidv7(), owner, url, statuses: [...new Set(statuses)], secret: newSecret(), ...fresh };
      if (!(await store.addWebhook(webhook, MOST)))
        throw new HoldfastError('too_many_of_a_kind', `There are ${MOST} webhooks already. Remove one that is not needed.`);
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...toWebhook(webhook), secret: webhook.secret });
    });

    const get = { ...one, summary: 'One webhook', response: { 200: Webhook, ...problems(404) } };
    app.get('/webhooks/:id', { schema: get }, async ({ owner, params: { id } }) => toWebhook(found(await store.getWebhook(owner, id), id)));

    const patch = {
      ...one,
      summary: 'Change or enable a webhook',
      body: WebhookChange,
      response: { 200: Webhook, ...problems(400, 403, 404, 413, 415, 422) },
    };
    app.patch('/webhooks/:id', { schema: patch }, async ({ owner, params: { id }, body: { url, statuses, enabled } }) => {
      if (url !== undefined) checkWebhookUrl(url, reach);
      const change = {
        ...(url !== undefined && { url }),
        ...(statuses && { statuses: [...new Set(statuses)] }),
        ...(enabled && { disabled: null }),
      };
      return toWebhook(found(await store.updateWebhook(owner, id, change), id));
    });

    const remove = { ...one, summary: 'Remove a webhook', response: { 204: z.undefined(), ...problems(403, 404) } };
    app.delete('/webhooks/:id', { schema: remove }, async ({ owner, params: { id } }, reply) => {
      found((await store.removeWebhook(owner, id)) || null, id);
      return reply.code(204).send();
    });

    const rotate = {
      ...one,
      summary: 'Take a new secret; for a day the one before signs too',
      response: { 200: WebhookWithSecret, ...problems(403, 404) },
    };
    app.post('/webhooks/:id/rotate', { schema: rotate }, async ({ owner, params: { id } }, reply) => {
      const { secret: before } = found(await store.getWebhook(owner, id), id);
      const change = { secret: newSecret(), earlierSecret: { secret: before, expiresAt: Date.now() + OVERLAP_MS } };
      const webhook = found(await store.updateWebhook(owner, id, change), id);
      return reply.header('cache-control', 'no-store').send({ ...toWebhook(webhook), secret: webhook.secret });
    });
  };
}

/** Fails with `not_found`, also for someone else's. */
export function found<Value>(webhook: Value | null, id: string): Value {
  if (webhook === null) throw new HoldfastError('not_found', `There is no webhook ${id}.`);
  return webhook;
}

/** As Standard Webhooks has them: 24 to 64 bytes. */
function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
