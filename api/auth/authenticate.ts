import type { FastifyRequest } from 'fastify';
import type { Credential, CredentialStore } from '../../results/credentials.ts';
import type { QuotaStore } from '../../results/quotas.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { soleOwner, type Identity } from './identity.ts';
import { createOwnerPlans } from './plans.ts';
import { hashOf, isSame, PREFIXES } from './secrets.ts';
import type { LinkSigner } from './signed-links.ts';
import type { VerifySession } from './supabase-sessions.ts';

export interface AuthOptions {
  /** Of the operator: stands for the sole owner. */
  apiToken: string | undefined;
  /** Null where there is no sign-in. */
  sessions: VerifySession | null;
  links: LinkSigner;
}

/** Secrets in the address, for links and for a browser's EventSource, which cannot send a header. */
const IN_THE_ADDRESS = ['share', 'ticket'] as const;

/** One message for all that is wrong with a secret: which part of it was good is nobody's business. */
const REFUSED = 'Send a valid token as "Authorization: Bearer …".';
const LINK_REFUSED = 'This link has expired, or it was altered. Ask whoever gave it to you for a new one.';

/** Finds out who sends a request; fails with `unauthorized`. Without any sign-in, whoever reaches the service is its sole owner. */
export function createAuthentication(store: CredentialStore & QuotaStore, { apiToken, sessions, links }: AuthOptions) {
  const plans = createOwnerPlans(store);
  const isOpen = apiToken === undefined && sessions === null;

  async function byBearer(token: string): Promise<Identity | null> {
    if (token.startsWith(PREFIXES.token)) return byCredential(token, 'token');
    if (apiToken !== undefined && isSame(token, apiToken)) return soleOwner('api-token');
    const session = sessions === null ? null : await sessions(token);
    if (session !== null) await plans.note(session.owner, session.plan);
    return session;
  }

  async function byCredential(secret: string, kind: Credential['kind']): Promise<Identity | null> {
    if (!secret.startsWith(PREFIXES[kind])) return null;
    const found = await store.useCredential(hashOf(secret), Date.now());
    if (found?.kind !== kind) return null;
    const { owner, scopes, runId } = found;
    return { owner, by: kind, scopes, runId, plan: await plans.of(owner), isAdmin: false };
  }

  async function byLink(request: FastifyRequest): Promise<Identity> {
    const owner = links.ownerOf(request.url, Date.now());
    if (owner === null) throw new HoldfastError('forbidden', LINK_REFUSED);
    delete (request.query as Record<string, unknown>)['link'];
    const { id: runId } = request.params as { id: string };
    return { owner, by: 'link', scopes: ['read'], runId, plan: await plans.of(owner), isAdmin: false };
  }

  return async (request: FastifyRequest): Promise<Identity> => {
    if ((request.query as Record<string, unknown>)['link'] !== undefined) return byLink(request);
    const inAddress = takeFromAddress(request);
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const found = inAddress ? await byCredential(inAddress.secret, inAddress.kind) : bearer === undefined ? null : await byBearer(bearer);
    if (found !== null) return found;
    // A header is no reason to refuse what would pass without it, unless it is a secret of this service.
    if (isOpen && !inAddress && !bearer?.startsWith(PREFIXES.token)) return soleOwner('embedded');
    throw new HoldfastError('unauthorized', REFUSED);
  };
}

/** Takes a secret out of the query, so that routes do not see it. */
function takeFromAddress({ query }: FastifyRequest): { kind: (typeof IN_THE_ADDRESS)[number]; secret: string } | null {
  const parameters = query as Record<string, unknown>;
  for (const kind of IN_THE_ADDRESS) {
    const given = parameters[kind];
    if (given === undefined) continue;
    delete parameters[kind];
    return { kind, secret: typeof given === 'string' ? given : '' };
  }
  return null;
}
