import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { HoldfastError } from '../shared/errors.ts';
import { isLoopback } from './config.ts';

/**
 * Refuses what a web page of another site could make a browser send to this machine: requests by a foreign name (DNS rebinding), and
 * requests from a foreign page. The port is free, so that a tunnel works: an attacker cannot choose the name, which is what counts.
 */
export async function refuseForeignPages(request: FastifyRequest): Promise<void> {
  const { host, origin } = request.headers;
  if (!isLoopback(nameOf(host))) {
    throw new HoldfastError(
      'forbidden_origin',
      `The Host "${host ?? ''}" is not this machine's loopback name. Use 127.0.0.1 or localhost.`,
    );
  }
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    throw new HoldfastError(
      'forbidden_origin',
      `Pages of ${origin} may not use this service. Call it from a program, or from its own pages.`,
    );
  }
}

function nameOf(host: string | undefined): string {
  const url = URL.parse(`http://${host ?? ''}`);
  return url === null || url.host === '' ? '' : url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Lets only requests with this bearer token pass. */
export function requireToken(token: string): (request: FastifyRequest) => Promise<void> {
  const expected = digest(token);
  return async (request) => {
    const given = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    // Digests have one length, and comparing them takes one time, whatever was sent.
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
      throw new HoldfastError('unauthorized', 'Send the token of this service as "Authorization: Bearer <API_TOKEN>".');
    }
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
