import type { TerminalStatus, WorkflowKind } from '../shared/names.ts';
import type { DeliveryStatus } from '../shared/webhook.ts';

/** Where an owner wants to hear of the end of runs. Times are milliseconds since 1970 UTC. */
export interface WebhookRow {
  id: string;
  owner: string;
  url: string;
  /** `whsec_…`: what messages are signed with. Shown once; never leaves the service otherwise. */
  secret: string;
  /** The one before it, whose signature is sent too until it expires. */
  earlierSecret: { secret: string; expiresAt: number } | null;
  /** The ends it wants to hear of. */
  statuses: TerminalStatus[];
  createdAt: number;
  /** Why nothing is sent there any more. */
  disabled: { at: number; reason: string } | null;
}

/** A message for a webhook. There is one for each end of a run, which a reset may bring about again: its epoch tells ends apart. */
export interface Delivery {
  /** Sent as `webhook-id`, the same at every try. */
  id: string;
  webhookId: string;
  owner: string;
  subject: { kind: WorkflowKind; id: string; status: TerminalStatus; epoch: number } | 'test';
  /** `queued` until the first try; `sending` until it was taken, or given up. */
  status: DeliveryStatus;
  attempts: number;
  /** What the last try came to: the HTTP status, or why there was none. */
  responseStatus: number | null;
  error: string | null;
  createdAt: number;
  lastAttemptAt: number | null;
}

/** What a try of a delivery came to. */
export interface DeliveryAttempt extends Pick<Delivery, 'id' | 'status' | 'responseStatus' | 'error'> {
  at: number;
  /** Nothing is to be sent to this webhook any more. */
  disable?: string;
}

/**
 * The intents of a result store that are about webhooks; each is one transaction. A run or batch (items apart) that ends leaves, in the very write of its end,
 * a queued delivery for each webhook of its owner that wants it and is not disabled.
 */
export interface WebhookStore {
  /** False where the owner has `most`. */
  addWebhook(webhook: WebhookRow, most: number): Promise<boolean>;
  /** One of this owner; null for someone else's, too. */
  getWebhook(owner: string, id: string): Promise<WebhookRow | null>;
  /** Newest first. */
  listWebhooks(owner: string): Promise<WebhookRow[]>;
  /** Null when the owner has none of this id. */
  updateWebhook(
    owner: string,
    id: string,
    change: Partial<Pick<WebhookRow, 'url' | 'statuses' | 'secret' | 'earlierSecret' | 'disabled'>>,
  ): Promise<WebhookRow | null>;
  /** With its deliveries; false when the owner has none of this id. */
  removeWebhook(owner: string, id: string): Promise<boolean>;
  /** Queues a message that tells of no run. */
  addTestDelivery(delivery: Pick<Delivery, 'id' | 'webhookId' | 'owner' | 'createdAt'>): Promise<Delivery>;
  /** Newest first, behind a delivery. */
  listDeliveries(
    owner: string,
    webhookId: string,
    page: { limit: number; after?: Pick<Delivery, 'createdAt' | 'id'> },
  ): Promise<Delivery[]>;
  /** Those that nobody sends yet, oldest first. */
  queuedDeliveries(limit: number): Promise<Delivery[]>;
  /** What is to be sent, and where; null when its webhook was removed. */
  getDelivery(id: string): Promise<{ delivery: Delivery; webhook: WebhookRow } | null>;
  /** Notes a try. */
  noteDelivery(attempt: DeliveryAttempt): Promise<void>;
}
