import type { FastifyRequest } from 'fastify';
import { HoldfastError } from '../../shared/errors.ts';
import { isLoopback } from '../../shared/loopback.ts';
import type { AllowOrigin } from './origins.ts';

/**
 * Refuses what a web page of another site could make a browser send to this machine: requests by a foreign name (DNS rebinding), and
 * requests from a foreign page that the operator did not allow. The port is free, so that a tunnel works: an attacker cannot choose the name, which is what counts.
 */
export function refuseForeignPages(isAllowed: AllowOrigin): (request: FastifyRequest) => Promise<void> {
  return async ({ headers: { host, origin } }) => {
    if (!isLoopback(nameOf(host))) {
      throw new HoldfastError(
        'forbidden_origin',
        `The Host "${host ?? ''}" is not this machine's loopback name. Use 127.0.0.1 or localhost.`,
      );
    }
    if (origin === undefined || origin === `http://${host}` || origin === `https://${host}` || isAllowed(origin)) return;
    throw new HoldfastError(
      'forbidden_origin',
      `Pages of ${origin} may not use this service. Call it from a program, from its own pages, or allow them by HOLDFAST_ORIGINS.`,
    );
  };
}

function nameOf(host: string | undefined): string {
  const url = URL.parse(`http://${host ?? ''}`);
  return url === null || url.host === '' ? '' : url.hostname.replace(/^\[(.*)\]$/, '$1');
}
