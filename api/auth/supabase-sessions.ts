import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import * as z from 'zod';
import { HoldfastError } from '../../shared/errors.ts';
import type { Identity } from './identity.ts';

/** A key set is asked for again after so long, or when a token names a key that is not in it; then at most once in a pause. */
const KEYS_MS = 10 * 60_000;
const PAUSE_MS = 30_000;
const ANSWER_MS = 3_000;
/** Clocks of two machines may differ by so much. */
const SKEW_SECONDS = 30;
/** Of a key set: the others of what is registered are not what Supabase signs with. */
const SIGNED_BY_KEY = ['ES256', 'RS256'];

export interface SupabaseSettings {
  /** Of the project; sessions are issued by `/auth/v1` below it. */
  url: string;
  /** Of projects that sign with HS256 still. */
  jwtSecret: string | undefined;
  audience: string;
  /** What tokens say of who issued them, where it is not the address at which the project is asked. */
  issuer?: string | undefined;
  /** Ids of operators, beside those whose `app_metadata.role` is admin. */
  admins: readonly string[];
}

/**
 * What a session token says (https://supabase.com/docs/guides/auth/jwt-fields). `app_metadata` is written by the project alone, `user_metadata` by
 * users themselves. A subject is also the name of a folder, so that it must be an id.
 */
const Claims = z.object({
  sub: z.uuid(),
  role: z.literal('authenticated'),
  is_anonymous: z.literal(false).optional(),
  app_metadata: z.object({ role: z.string().optional().catch(undefined), plan: z.string().optional().catch(undefined) }).default({}),
});

/** Gives who a session token stands for; null for a token that is worth nothing, for whatever reason. */
export type VerifySession = (token: string) => Promise<Identity | null>;

/**
 * Verifies session tokens of Supabase Auth without asking it for each: by the project's public keys, or by its secret. The algorithm decides which,
 * so that a public key is never taken for a secret. Fails with `sign_in_unavailable` when the keys cannot be had.
 */
export function createSupabaseSessions({ url, jwtSecret, audience, admins, issuer: given }: SupabaseSettings): VerifySession {
  const address = `${url.replace(/\/+$/, '')}/auth/v1`;
  const common = { issuer: given ?? address, audience, clockTolerance: SKEW_SECONDS, requiredClaims: ['exp', 'sub'] };
  const keys = publicKeys(new URL(`${address}/.well-known/jwks.json`));
  const secret = jwtSecret === undefined ? null : new TextEncoder().encode(jwtSecret);

  async function payloadOf(token: string): Promise<JWTPayload> {
    const { alg } = decodeProtectedHeader(token);
    if (alg === 'HS256' && secret !== null) return (await jwtVerify(token, secret, { ...common, algorithms: ['HS256'] })).payload;
    return (await jwtVerify(token, keys, { ...common, algorithms: SIGNED_BY_KEY })).payload;
  }

  return async (token) => {
    const payload = await payloadOf(token).catch((error: unknown) => {
      if (isAway(error))
        throw new HoldfastError('sign_in_unavailable', 'The keys of the sign-in service cannot be read.', { cause: error });
      return null;
    });
    const claims = Claims.safeParse(payload);
    if (!claims.success) return null;
    const { sub: owner, app_metadata: app } = claims.data;
    const isAdmin = app.role === 'admin' || admins.includes(owner);
    return { owner, by: 'session', scopes: ['read', 'write'], runId: null, plan: app.plan ?? null, isAdmin };
  };
}

/** The keys of a project; while they cannot be asked for anew, the last ones count. */
function publicKeys(address: URL): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(address, { cacheMaxAge: KEYS_MS, cooldownDuration: PAUSE_MS, timeoutDuration: ANSWER_MS });
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      const known = remote.jwks();
      if (!isAway(error) || known === undefined) throw error;
      return createLocalJWKSet(known)(header, token);
    }
  };
}

/** Whether it was the key set that failed, and not the token: a bad answer, none in time, or no connection. */
function isAway(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout) return true;
  if (error instanceof errors.JOSEError) return error.code === 'ERR_JOSE_GENERIC';
  // `fetch` fails with a TypeError; so does decoding what is no token at all, which has no cause.
  return error instanceof TypeError && error.cause !== undefined;
}
