import { v7 as uuidv7 } from 'uuid';
import type { TerminalStatus } from '../shared/names.ts';
import { toDelivery } from './delivery-row.ts';
import type { Connection } from './sqlite-connection.ts';
import { json, toColumn, type SqliteRow } from './sqlite-rows.ts';
import type { Delivery, DeliveryAttempt, WebhookRow, WebhookStore } from './webhooks.ts';

const ADD = `INSERT INTO webhooks (id, owner, url, secret, earlier_secret, statuses, created_at, disabled)
  VALUES (:id, :owner, :url, :secret, :earlierSecret, :statuses, :createdAt, :disabled)`;
const CHANGE = `UPDATE webhooks SET url = :url, secret = :secret, earlier_secret = :earlierSecret, statuses = :statuses, disabled = :disabled
  WHERE id = :id AND owner = :owner`;
const ADD_DELIVERY = `INSERT OR IGNORE INTO deliveries (id, webhook_id, owner, kind, subject_id, subject_status, epoch, status, created_at)
  VALUES (:id, :webhookId, :owner, :kind, :subjectId, :subjectStatus, :epoch, 'queued', :createdAt)`;
const NOTE = `UPDATE deliveries SET status = :status, response_status = :responseStatus, error = :error, attempts = attempts + 1,
  last_attempt_at = :at WHERE id = :id`;
const DISABLE = `UPDATE webhooks SET disabled = :disabled
  WHERE disabled IS NULL AND id = (SELECT webhook_id FROM deliveries WHERE id = :id)`;
const OF_WEBHOOK =
  'SELECT * FROM deliveries WHERE owner = ? AND webhook_id = ? AND (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?';

interface Transactions {
  read: <T>(statements: () => T) => Promise<T>;
  write: <T>(statements: () => T) => Promise<T>;
}

/** What of a store is about webhooks. */
export function webhookIntents(connection: Connection, { read, write }: Transactions): WebhookStore {
  const find = (owner: string, id: string): WebhookRow | null => {
    const row = connection.one('SELECT * FROM webhooks WHERE owner = ? AND id = ?', owner, id);
    return row ? toWebhook(row) : null;
  };
  return {
    addWebhook: (webhook, most) =>
      write(() => {
        if (Number(connection.one('SELECT count(*) AS count FROM webhooks WHERE owner = ?', webhook.owner)!['count']) >= most) return false;
        connection.run(ADD, columnsOf(webhook));
        return true;
      }),
    getWebhook: (owner, id) => read(() => find(owner, id)),
    listWebhooks: (owner) => read(() => connection.all('SELECT * FROM webhooks WHERE owner = ? ORDER BY id DESC', owner).map(toWebhook)),
    updateWebhook: (owner, id, change) =>
      write(() => {
        const known = find(owner, id);
        if (known === null) return null;
        const { createdAt: _, ...columns } = columnsOf({ ...known, ...change });
        connection.run(CHANGE, columns);
        return { ...known, ...change };
      }),
    removeWebhook: (owner, id) => write(() => connection.run('DELETE FROM webhooks WHERE owner = :owner AND id = :id', { owner, id }) > 0),
    addTestDelivery: (delivery) =>
      write(() => {
        connection.run(ADD_DELIVERY, { ...delivery, kind: 'test', subjectId: delivery.id, subjectStatus: null, epoch: 0 });
        return getDelivery(connection, delivery.id)!.delivery;
      }),
    listDeliveries: (owner, webhookId, { limit, after = { createdAt: Number.MAX_SAFE_INTEGER, id: '' } }) =>
      read(() => connection.all(OF_WEBHOOK, owner, webhookId, after.createdAt, after.id, limit).map(toDelivery)),
    queuedDeliveries: (limit) =>
      read(() => connection.all("SELECT * FROM deliveries WHERE status = 'queued' ORDER BY created_at, id LIMIT ?", limit).map(toDelivery)),
    getDelivery: (id) => read(() => getDelivery(connection, id)),
    noteDelivery: (attempt) => write(() => noteDelivery(connection, attempt)),
  };
}

interface End {
  owner: string;
  kind: string;
  id: string;
  status: TerminalStatus;
  epoch: number;
}

/** Leaves a message for each webhook that wants to hear of an end; to be called in the transaction of its write. */
export function queueDeliveries(connection: Connection, { owner, kind, id, status, epoch }: End): void {
  for (const row of connection.all('SELECT * FROM webhooks WHERE owner = ? AND disabled IS NULL', owner)) {
    const webhook = toWebhook(row);
    if (!webhook.statuses.includes(status)) continue;
    const subject = { kind, subjectId: id, subjectStatus: status, epoch };
    connection.run(ADD_DELIVERY, { id: `msg_${uuidv7()}`, webhookId: webhook.id, owner, ...subject, createdAt: Date.now() });
  }
}

function getDelivery(connection: Connection, id: string): { delivery: Delivery; webhook: WebhookRow } | null {
  const row = connection.one('SELECT * FROM deliveries WHERE id = ?', id);
  if (!row) return null;
  const webhook = connection.one('SELECT * FROM webhooks WHERE id = ?', String(row['webhook_id']))!;
  return { delivery: toDelivery(row), webhook: toWebhook(webhook) };
}

function noteDelivery(connection: Connection, { disable, ...attempt }: DeliveryAttempt): void {
  connection.run(NOTE, attempt);
  if (disable !== undefined) connection.run(DISABLE, { id: attempt.id, disabled: JSON.stringify({ at: attempt.at, reason: disable }) });
}

function columnsOf({ earlierSecret, statuses, disabled, ...rest }: WebhookRow) {
  return { ...rest, earlierSecret: toColumn(earlierSecret), statuses: JSON.stringify(statuses), disabled: toColumn(disabled) };
}

function toWebhook(row: SqliteRow): WebhookRow {
  return {
    id: row['id'],
    owner: row['owner'],
    url: row['url'],
    secret: row['secret'],
    earlierSecret: json(row['earlier_secret']),
    statuses: json(row['statuses']),
    createdAt: row['created_at'],
    disabled: json(row['disabled']),
  } as WebhookRow;
}
