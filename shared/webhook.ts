import * as z from 'zod';
import { TERMINAL_STATUSES } from './names.ts';

const DELIVERY_STATUSES = ['queued', 'sending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

const Statuses = z.array(z.enum(TERMINAL_STATUSES)).min(1).max(TERMINAL_STATUSES.length);

/** What a user says of a webhook. */
export const WebhookSpec = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .describe('Gets a POST for each end of a run, sweep or batch; it must be reached from the public internet'),
  statuses: Statuses.default([...TERMINAL_STATUSES]).describe('The ends to hear of'),
});

export const Webhook = z.object({
  id: z.uuid(),
  url: z.string(),
  statuses: z.array(z.enum(TERMINAL_STATUSES)),
  createdAt: z.iso.datetime(),
  disabled: z.object({ at: z.iso.datetime(), reason: z.string() }).nullable().describe('Why nothing is sent there any more'),
});
export type Webhook = z.infer<typeof Webhook>;

/** A webhook with what its messages are signed with. */
export const WebhookWithSecret = Webhook.extend({
  secret: z.string().describe('Shown this once: keep it, and check signatures with it (standardwebhooks.com)'),
});

/** What is sent: little, so that whoever receives it asks for the rest, with a token. */
export const WebhookMessage = z.object({
  type: z.string().describe('backtest.completed, backtest.failed, backtest.cancelled, the same of sweep and batch; test'),
  timestamp: z.iso.datetime(),
  data: z.object({ id: z.string(), status: z.enum(TERMINAL_STATUSES), url: z.string() }).partial(),
});
export type WebhookMessage = z.infer<typeof WebhookMessage>;

export const WebhookDelivery = z.object({
  id: z.string().describe('The header webhook-id: the same at every try, so that a receiver knows what it has had'),
  type: z.string(),
  subject: z.string().nullable().describe('Id of the run, sweep or batch'),
  status: z.enum(DELIVERY_STATUSES).describe('queued until the first try; sending until it was taken, or given up after a day'),
  attempts: z.int(),
  responseStatus: z.int().nullable().describe('HTTP status of the last try'),
  error: z.string().nullable().describe('Why the last try failed'),
  createdAt: z.iso.datetime(),
  lastAttemptAt: z.iso.datetime().nullable(),
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;
