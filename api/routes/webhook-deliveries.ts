import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { v7 as uuidv7 } from 'uuid';
import * as z from 'zod';
import { WebhookDelivery } from '../../shared/webhook.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { RunParams } from '../find-run.ts';
import { problems } from '../problems.ts';
import { toWebhookDelivery } from '../webhook-resource.ts';
import { found } from './webhooks.ts';

const MOST = 100;

const one = { tags: ['account'], params: RunParams };

/** What was sent to a webhook, and what came of it. */
export function webhookDeliveries({ store, orchestrator }: ApiDependencies) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    const list = {
      ...one,
      summary: `Its last ${MOST} messages, newest first`,
      response: { 200: z.object({ items: z.array(WebhookDelivery) }), ...problems(404) },
    };
    app.get('/webhooks/:id/deliveries', { schema: list }, async ({ owner, params: { id } }) => {
      found(await store.getWebhook(owner, id), id);
      return { items: (await store.listDeliveries(owner, id, { limit: MOST })).map(toWebhookDelivery) };
    });

    const test = { ...one, summary: 'Send a message that tells of no run', response: { 202: WebhookDelivery, ...problems(403, 404) } };
    app.post('/webhooks/:id/test', { schema: test }, async ({ owner, params: { id }, log }, reply) => {
      found(await store.getWebhook(owner, id), id);
      const delivery = await store.addTestDelivery({ id: `msg_${uuidv7()}`, webhookId: id, owner, createdAt: Date.now() });
      await orchestrator.notify({ deliveryId: delivery.id, owner }).catch((error: unknown) => {
        log.warn({ err: error, delivery: delivery.id }, 'the message is not on its way yet: left to the reconciler');
      });
      return reply.code(202).send(toWebhookDelivery(delivery));
    });
  };
}
