import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose';

export const ANN = '0a0a0a0a-0000-4000-8000-00000000000a';
export const EVE = '0e0e0e0e-0000-4000-8000-00000000000e';
export const ROOT = '0f0f0f0f-0000-4000-8000-00000000000f';
export const SECRET = 'a-secret-of-more-than-thirty-two-characters';

/** Claims to put in place of sound ones; undefined takes one away. */
type Changes = { [claim: string]: unknown };
export type Key = Awaited<ReturnType<typeof generateKeyPair>> & { kid: string; alg: string };

export async function makeKey(kid: string, alg = 'ES256'): Promise<Key> {
  return { ...(await generateKeyPair(alg, { extractable: true })), kid, alg };
}

/** What stands in the place of Supabase Auth: a key set behind HTTP, and sessions signed by its keys. */
export async function startSignIn(first: Key) {
  const state = { keys: [first], asked: 0, status: 200 };
  const server = createServer((_request, response) => {
    state.asked += 1;
    void publicSet(state.keys).then((set) =>
      response.writeHead(state.status, { 'content-type': 'application/json' }).end(JSON.stringify(set)),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const claims = (changes: Changes = {}): JWTPayload => {
    const now = Math.floor(Date.now() / 1_000);
    return { iss: `${url}/auth/v1`, aud: 'authenticated', sub: ANN, role: 'authenticated', iat: now, exp: now + 600, ...changes };
  };
  return {
    url,
    state,
    claims,
    /** A session as Supabase issues it, with these changes. */
    session: (changes: Changes = {}, header: Partial<JWTHeaderParameters> = {}, key: Key = first) =>
      new SignJWT(claims(changes)).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey),
    /** Signed with a secret. */
    signedWith: (secret: string | Uint8Array, changes: Changes = {}, header: Partial<JWTHeaderParameters> = {}) =>
      new SignJWT(claims(changes))
        .setProtectedHeader({ alg: 'HS256', ...header })
        .sign(typeof secret === 'string' ? new TextEncoder().encode(secret) : secret),
    close: () => server.close(),
  };
}

/** The public halves of keys, as a project publishes them. */
export async function publicSet(keys: readonly Key[]) {
  return {
    keys: await Promise.all(keys.map(async ({ publicKey, kid, alg }) => ({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }))),
  };
}
