import type { Delivery, WebhookRow } from '../results/webhooks.ts';
import type { Webhook, WebhookDelivery } from '../shared/webhook.ts';
import { isoTime } from './run-resource.ts';

/** The row of a webhook as its address shows it: without its secret. */
export function toWebhook({ id, url, statuses, createdAt, disabled }: WebhookRow): Webhook {
  const end = disabled && { at: isoTime(disabled.at), reason: disabled.reason };
  return { id, url, statuses, createdAt: isoTime(createdAt), disabled: end };
}

export function toWebhookDelivery({ subject, createdAt, lastAttemptAt, ...delivery }: Delivery): WebhookDelivery {
  const { id, status, attempts, responseStatus, error } = delivery;
  return {
    id,
    type: subject === 'test' ? 'test' : `${subject.kind}.${subject.status}`,
    subject: subject === 'test' ? null : subject.id,
    status,
    attempts,
    responseStatus,
    error,
    createdAt: isoTime(createdAt),
    lastAttemptAt: lastAttemptAt === null ? null : isoTime(lastAttemptAt),
  };
}
