import { cancellationSignal } from '@temporalio/activity';
import type { Delivery, DeliveryAttempt, WebhookRow } from '../results/webhooks.ts';
import { batchPathOf, runPathOf } from '../shared/names.ts';
import type { WebhookMessage } from '../shared/webhook.ts';
import type { Ports } from './ports.ts';

export interface DeliverInput {
  deliveryId: string;
  /** It is not tried again after this time. */
  isLast: boolean;
}

/** `again` where another try may help. */
export type Delivered = 'delivered' | 'failed' | 'again';

/** A receiver that is gone for good says so (RFC 9110 §15.5.11). */
const GONE = 410;

/** Tries once to send the message of a delivery, and notes what it came to. */
export function deliver({ results, webhooks }: Pick<Ports, 'results' | 'webhooks'>) {
  return async ({ deliveryId, isLast }: DeliverInput): Promise<Delivered> => {
    const found = await results.getDelivery(deliveryId);
    // Its webhook was removed, or it was taken by a try whose end nobody heard of.
    if (found === null || found.delivery.status === 'delivered') return 'delivered';
    const { delivery, webhook } = found;
    const attempt = webhook.disabled ? given(delivery, 'the webhook is disabled') : await attemptOf(webhooks, delivery, webhook);
    const outcome = attempt.status === 'sending' && isLast ? 'failed' : attempt.status;
    await results.noteDelivery({ ...attempt, status: outcome });
    return outcome === 'sending' ? 'again' : outcome;
  };
}

type Attempt = DeliveryAttempt & { status: 'delivered' | 'failed' | 'sending' };

async function attemptOf({ send, linkTo }: Ports['webhooks'], delivery: Delivery, webhook: WebhookRow): Promise<Attempt> {
  const at = Date.now();
  const { id } = delivery;
  const body = JSON.stringify(messageOf(delivery, linkTo));
  try {
    const status = await send({ id, url: webhook.url, secrets: secretsOf(webhook, at), body }, cancellationSignal());
    const common = { id, responseStatus: status, error: null, at };
    if (status >= 200 && status < 300) return { ...common, status: 'delivered' };
    if (status === GONE) return { ...common, status: 'failed', disable: 'its receiver answered 410: gone' };
    return { ...common, status: 'sending', error: `it answered ${status}, and only 2xx counts` };
  } catch (error) {
    return { ...given(delivery, error instanceof Error ? error.message : String(error)), status: 'sending' };
  }
}

function given({ id }: Delivery, error: string): Attempt {
  return { id, status: 'failed', responseStatus: null, error, at: Date.now() };
}

function secretsOf({ secret, earlierSecret }: WebhookRow, at: number): string[] {
  return earlierSecret !== null && earlierSecret.expiresAt > at ? [secret, earlierSecret.secret] : [secret];
}

/** The same bytes at every try. */
function messageOf({ subject, createdAt }: Delivery, linkTo: (path: string) => string): WebhookMessage {
  const timestamp = new Date(createdAt).toISOString();
  if (subject === 'test') return { type: 'test', timestamp, data: {} };
  const { kind, id, status } = subject;
  const path = kind === 'batch' ? batchPathOf(id) : runPathOf(id, kind);
  return { type: `${kind}.${status}`, timestamp, data: { id, status, url: linkTo(path) } };
}
