import type { Delivery } from './webhooks.ts';

/** What a database gave, under the names of its columns, as a delivery; it holds only what {@link Delivery} allowed in. */
export function toDelivery(row: Readonly<Record<string, unknown>>): Delivery {
  const { kind, subject_id: id, subject_status: status, epoch } = row;
  return {
    id: row['id'],
    webhookId: row['webhook_id'],
    owner: row['owner'],
    subject: kind === 'test' ? 'test' : { kind, id, status, epoch },
    status: row['status'],
    attempts: row['attempts'],
    responseStatus: row['response_status'],
    error: row['error'],
    createdAt: row['created_at'],
    lastAttemptAt: row['last_attempt_at'],
  } as Delivery;
}
