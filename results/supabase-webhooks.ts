import { fromColumns, toColumns } from './columns.ts';
import { toDelivery } from './delivery-row.ts';
import type { Call, Calls } from './supabase-calls.ts';
import type { WebhookRow, WebhookStore } from './webhooks.ts';

const BEFORE_ALL = { createdAt: Number.MAX_SAFE_INTEGER, id: '' };

type DeliveryIntents = Pick<WebhookStore, 'addTestDelivery' | 'listDeliveries' | 'queuedDeliveries' | 'getDelivery' | 'noteDelivery'>;
type Row = Readonly<Record<string, unknown>>;

/** What of a store is about webhooks. */
export function webhookIntents({ call, callOnce }: Calls): WebhookStore {
  return {
    addWebhook: (webhook, most) => callOnce('add_webhook', { webhook: toColumns(webhook), most }),
    getWebhook: async (owner, id) => orNull(await call('get_webhook', { owner, id })),
    listWebhooks: async (owner) => (await call<object[]>('list_webhooks', { owner })).map(fromColumns<WebhookRow>),
    updateWebhook: async (owner, id, change) => orNull(await call('update_webhook', { owner, id, change: toColumns(change) })),
    removeWebhook: (owner, id) => callOnce('remove_webhook', { owner, id }),
    ...deliveryIntents(call, callOnce),
  };
}

function deliveryIntents(call: Call, callOnce: Call): DeliveryIntents {
  return {
    addTestDelivery: async (delivery) => toDelivery(await call<Row>('add_test_delivery', toColumns(delivery))),
    listDeliveries: async (owner, webhookId, { limit, after = BEFORE_ALL }) => {
      const page = { owner, webhook_id: webhookId, at_most: limit, after_time: after.createdAt, after_id: after.id };
      return (await call<Row[]>('list_deliveries', page)).map(toDelivery);
    },
    queuedDeliveries: async (limit) => (await call<Row[]>('queued_deliveries', { at_most: limit })).map(toDelivery),
    getDelivery: async (id) => {
      const found = await call<{ delivery: Row; webhook: object } | null>('get_delivery', { id });
      return found && { delivery: toDelivery(found.delivery), webhook: fromColumns<WebhookRow>(found.webhook) };
    },
    noteDelivery: async ({ disable = null, ...attempt }) => {
      // Repeated it would count as a further try.
      await callOnce('note_delivery', toColumns({ ...attempt, disable }));
    },
  };
}

function orNull(webhook: object | null): WebhookRow | null {
  return webhook && fromColumns<WebhookRow>(webhook);
}
