import type { IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';

/** The id a client gave its request, where it is fit for a log line, else a new one. */
export function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}
