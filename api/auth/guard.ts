import type { FastifyInstance } from 'fastify';
import type { ApiConfig } from '../config.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { limitRequestRate } from '../request-rate.ts';
import { createAuthentication } from './authenticate.ts';
import { authorize } from './authorize.ts';
import type { LinkConfig, LinkSigner } from './signed-links.ts';
import { createSupabaseSessions } from './supabase-sessions.ts';

export type GuardConfig = LinkConfig &
  Pick<
    ApiConfig,
    | 'SUPABASE_URL'
    | 'SUPABASE_JWT_SECRET'
    | 'SUPABASE_JWT_AUDIENCE'
    | 'SUPABASE_JWT_ISSUER'
    | 'HOLDFAST_ADMINS'
    | 'HOLDFAST_REQUESTS_PER_MINUTE'
  >;

/** True where nobody needs to say who they are. */
export function isOpen({ API_TOKEN, SUPABASE_URL }: Pick<GuardConfig, 'API_TOKEN' | 'SUPABASE_URL'>): boolean {
  return API_TOKEN === undefined && SUPABASE_URL === undefined;
}

/** Puts what every request must pass before the routes that are added afterwards: who is it, may they come at all, may they do this, and so often? */
export async function guard(
  app: FastifyInstance,
  { store, blocks, links }: ApiDependencies & { links: LinkSigner },
  config: GuardConfig,
): Promise<void> {
  const {
    SUPABASE_URL: url,
    SUPABASE_JWT_SECRET: jwtSecret,
    SUPABASE_JWT_AUDIENCE: audience,
    SUPABASE_JWT_ISSUER: issuer,
    HOLDFAST_ADMINS: admins,
  } = config;
  const sessions = url === undefined ? null : createSupabaseSessions({ url, jwtSecret, audience, issuer, admins });
  const identify = createAuthentication(store, { apiToken: config.API_TOKEN, sessions, links });
  const countRequest = await limitRequestRate(app, config.HOLDFAST_REQUESTS_PER_MINUTE);

  app.addHook('onRequest', async (request, reply) => {
    const identity = await identify(request);
    request.identity = identity;
    request.owner = identity.owner;
    // An operator who was disabled by mistake could not take it back.
    if (!identity.isAdmin) await blocks.refuseOwner(identity.owner);
    await countRequest(request, reply);
    authorize(identity, request);
  });
}
