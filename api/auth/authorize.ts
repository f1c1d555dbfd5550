import type { FastifyContextConfig, FastifyRequest } from 'fastify';
import { HoldfastError } from '../../shared/errors.ts';
import type { Identity } from './identity.ts';

type Access = NonNullable<FastifyContextConfig['access']>;

/** Below these addresses lies all that belongs to one run. */
const OF_ONE_RUN = '/v1/backtests/:id';
const EVENTS = '/events';

/** Whether someone may send a request; fails with `forbidden`, or with `not_found` for another run than the one a link reads. */
export function authorize(identity: Identity, { method, params, routeOptions }: FastifyRequest): void {
  const reads = method === 'GET' || method === 'HEAD';
  const access = routeOptions.config.access ?? (reads ? 'read' : 'write');
  const refusal = refusalOf(identity, access) ?? narrowness(identity, { reads, address: routeOptions.url ?? '' });
  if (refusal !== null) throw new HoldfastError('forbidden', refusal);
  if (identity.runId !== null && (params as { id?: string }).id !== identity.runId)
    throw new HoldfastError('not_found', 'There is no such run, or this link is not for it.');
}

function refusalOf({ by, scopes, isAdmin }: Identity, access: Access): string | null {
  switch (access) {
    case 'admin':
      return isAdmin ? null : 'Only operators of this service may do that.';
    case 'sign-in':
      return by === 'session' || by === 'api-token' || by === 'embedded'
        ? null
        : 'Sign in for that: a token cannot list, make or revoke tokens.';
    case 'write':
      return scopes.includes('write') ? null : 'This token may only read: it lacks the scope "write".';
    case 'read':
      return null; // whoever may change things may see them
  }
}

/** What links and tickets are not for. */
function narrowness({ by }: Identity, { reads, address }: { reads: boolean; address: string }): string | null {
  if (by === 'share' && !(reads && address.startsWith(OF_ONE_RUN))) return 'This link reads one run, and nothing else.';
  if (by === 'link' && !reads) return 'This link reads one file, and nothing else.';
  if (by === 'ticket' && !(reads && address.endsWith(EVENTS))) return 'A ticket opens an event stream, and nothing else.';
  return null;
}
