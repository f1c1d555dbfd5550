import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Webhook } from 'standardwebhooks';
import { lookupPublic, refusePrivateLiteral } from './public-addresses.ts';

/** In all, from the name to the answer. */
const ANSWER_MS = 15_000;

interface Message {
  id: string;
  url: string;
  /** Each gives a signature: the new one first, then the one that it takes the place of. */
  secrets: readonly string[];
  body: string;
}

/** Sends a message once and gives the HTTP status of the answer, whatever it is; fails where there is none. */
export type SendMessage = (message: Message, signal: AbortSignal) => Promise<number>;

/**
 * Sends by the convention of Standard Webhooks (https://www.standardwebhooks.com): signed, and taken by a 2xx answer alone. Redirects are not followed.
 * `reach`: `public` refuses all but addresses of the public internet; `any` is for receivers on the own network.
 */
export function createSender({ reach }: { reach: 'public' | 'any' }): SendMessage {
  return ({ id, url, secrets, body }, signal) => {
    const target = new URL(url);
    if (reach === 'public') refusePrivateLiteral(target);
    const now = new Date();
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Holdfast',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
    };
    const options = {
      method: 'POST',
      headers,
      // A connection of its own: one that is kept may lead elsewhere than the name does by now.
      agent: false as const,
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      ...(reach === 'public' && { lookup: lookupPublic }),
    };
    return new Promise((resolve, reject) => {
      const request = (target.protocol === 'https:' ? requestHttps : requestHttp)(target, options, (response) => {
        resolve(response.statusCode ?? 0);
        // Its body may be endless, and is of no interest.
        response.destroy();
      });
      request.on('error', reject).end(body);
    });
  };
}
