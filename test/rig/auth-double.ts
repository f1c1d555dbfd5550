import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { decodeJwt, SignJWT } from 'jose';
import { makeKey, publicSet } from '../../api/auth/test-sign-in.ts';

const SESSION_SECONDS = 3_600;
const SHORTEST_PASSWORD = 8;
export const PUBLISHABLE_KEY = 'sb_publishable_of_tests';

interface User {
  id: string;
  email: string;
  password: string;
  confirmed: boolean;
}
/** What a mailed link stands for, until it is opened; then what its code does, until it is exchanged. */
interface Flow {
  user: User;
  challenge: string;
}
interface Mail {
  to: string;
  kind: 'signup' | 'recovery';
  link: string;
}
type Body = Record<string, unknown>;

/** An answer that says no, as Supabase Auth words it. */
class RefusedError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export type AuthDouble = Awaited<ReturnType<typeof startAuthDouble>>;

/**
 * A test double of Supabase Auth: users with e-mail and password, PKCE, refresh tokens that are good once, sessions signed with ES256, links that stand in mails.
 * Addresses must be confirmed. Not for any other use.
 */
export async function startAuthDouble() {
  const key = await makeKey('of-the-double');
  const users = new Map<string, User>();
  const links = new Map<string, Flow & { kind: Mail['kind'] }>();
  const codes = new Map<string, Flow>();
  /** By refresh token. */
  const sessions = new Map<string, User>();
  const mails: Mail[] = [];
  const state = { isAway: false, secondsAhead: 0, renewed: 0, allowedRedirects: [] as string[] };

  async function sessionOf(user: User): Promise<Body> {
    const now = Math.floor(Date.now() / 1_000) + state.secondsAhead;
    const refreshToken = randomBytes(9).toString('base64url');
    sessions.set(refreshToken, user);
    const claims = { sub: user.id, aud: 'authenticated', role: 'authenticated', email: user.email, session_id: randomUUID() };
    const signed = new SignJWT({ ...claims, iss: `${url}/auth/v1`, iat: now, exp: now + SESSION_SECONDS, is_anonymous: false });
    return {
      access_token: await signed.setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT' }).sign(key.privateKey),
      token_type: 'bearer',
      expires_in: SESSION_SECONDS,
      expires_at: now + SESSION_SECONDS,
      refresh_token: refreshToken,
      user: shown(user),
    };
  }

  function mailLink(kind: Mail['kind'], flow: Flow, redirectTo: string): void {
    const token = `pkce_${randomBytes(20).toString('hex')}`;
    links.set(token, { ...flow, kind });
    const query = new URLSearchParams({ token, type: kind, redirect_to: redirectTo }).toString();
    mails.push({ to: flow.user.email, kind, link: `${url}/auth/v1/verify?${query}` });
  }

  const grants: Record<string, (body: Body) => Promise<Body>> = {
    password: ({ email, password }) => {
      const user = users.get(String(email).toLowerCase());
      if (user?.password !== password) throw new RefusedError(400, 'invalid_credentials', 'Invalid login credentials');
      if (!user!.confirmed) throw new RefusedError(400, 'email_not_confirmed', 'Email not confirmed');
      return sessionOf(user!);
    },
    pkce: ({ auth_code: code, code_verifier: verifier }) => {
      const flow = codes.get(String(code));
      if (!flow) throw new RefusedError(404, 'flow_state_not_found', 'invalid flow state, no valid flow state found');
      if (createHash('sha256').update(String(verifier)).digest('base64url') !== flow.challenge)
        throw new RefusedError(400, 'bad_code_verifier', 'code challenge does not match previously saved code verifier');
      codes.delete(String(code));
      return sessionOf(flow.user);
    },
    refresh_token: ({ refresh_token: token }) => {
      const user = sessions.get(String(token));
      if (!user) throw new RefusedError(400, 'refresh_token_not_found', 'Invalid Refresh Token: Refresh Token Not Found');
      sessions.delete(String(token));
      state.renewed += 1;
      return sessionOf(user);
    },
  };

  function signUp(query: URLSearchParams, { email, password, code_challenge: challenge }: Body): Body {
    checkPassword(password);
    const address = String(email).toLowerCase();
    // An address that is taken is not given away: the answer looks the same, and no mail is sent.
    const taken = users.get(address);
    if (taken?.confirmed) return { ...shown({ ...taken, id: randomUUID() }), identities: [] };
    const user = { id: randomUUID(), email: address, password: String(password), confirmed: false };
    users.set(address, user);
    mailLink('signup', { user, challenge: String(challenge) }, query.get('redirect_to') ?? '');
    return shown(user);
  }

  function recover(query: URLSearchParams, { email, code_challenge: challenge }: Body): Body {
    const user = users.get(String(email).toLowerCase());
    if (user) mailLink('recovery', { user, challenge: String(challenge) }, query.get('redirect_to') ?? '');
    return {};
  }

  /** Where a mailed link leads: back to the page, with a code that only the browser which asked for it can exchange. */
  function verify(query: URLSearchParams): string {
    const wanted = query.get('redirect_to') ?? '';
    const [target = 'about:blank'] = [wanted, ...state.allowedRedirects].filter((each) => state.allowedRedirects.includes(each));
    const flow = links.get(query.get('token') ?? '');
    if (!flow) {
      const fault = { error: 'access_denied', error_code: 'otp_expired', error_description: 'Email link is invalid or has expired' };
      const words = new URLSearchParams(fault).toString();
      return `${target}?${words}#${words}`;
    }
    links.delete(query.get('token')!);
    flow.user.confirmed = true;
    const code = randomUUID();
    codes.set(code, flow);
    return `${target}?code=${code}`;
  }

  function updateUser(user: User, { password }: Body): Body {
    checkPassword(password);
    if (password === user.password) throw new RefusedError(422, 'same_password', 'New password should be different from the old password.');
    user.password = String(password);
    return shown(user);
  }

  function signedIn({ headers: { authorization = '' } }: IncomingMessage): User {
    const { sub } = decodeJwt(authorization.replace('Bearer ', ''));
    const user = [...users.values()].find(({ id }) => id === sub);
    if (!user) throw new RefusedError(403, 'session_not_found', 'Session from session_id claim in JWT does not exist');
    return user;
  }

  /** What the page asks, with a key of the project; each answers with JSON, or with nothing. */
  const routes: Record<string, (asked: { query: URLSearchParams; body: Body; request: IncomingMessage }) => Body | Promise<Body> | null> = {
    'POST /signup': ({ query, body }) => signUp(query, body),
    'POST /recover': ({ query, body }) => recover(query, body),
    'POST /token': ({ query, body }) => grants[query.get('grant_type') ?? '']!(body),
    'GET /user': ({ request }) => shown(signedIn(request)),
    'PUT /user': ({ request, body }) => updateUser(signedIn(request), body),
    'POST /logout': ({ request }) => {
      endSessionsOf(signedIn(request).email);
      return null;
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams: query } = new URL(request.url!, url);
    const name = `${request.method} ${pathname.replace('/auth/v1', '')}`;
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (name === 'GET /.well-known/jwks.json') return send(response, 200, await publicSet([key]));
    if (name === 'GET /verify') return void response.writeHead(303, { location: verify(query) }).end();
    if (request.headers.apikey !== PUBLISHABLE_KEY) throw new RefusedError(401, 'no_api_key', 'No API key found in request');
    const route = routes[name];
    if (route === undefined) throw new RefusedError(404, 'not_found', `the double has no ${name}`);
    const body = request.method === 'GET' ? {} : ((await json(request).catch(() => ({}))) as Body);
    const answered = await route({ query, body, request });
    if (answered === null) response.writeHead(204).end();
    else send(response, 200, answered);
  }

  function endSessionsOf(email: string): void {
    for (const [token, user] of sessions) if (user.email === email) sessions.delete(token);
  }

  const server = createServer((request, response) => {
    allowPages(response);
    if (state.isAway) return void response.writeHead(503).end('upstream is away');
    answer(request, response).catch((error: unknown) => {
      if (error instanceof RefusedError) send(response, error.status, { code: error.code, message: error.message });
      else send(response, 500, { code: 'unexpected_failure', message: String(error) });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    state,
    /** In the order in which they were sent; a link is good once. */
    mails,
    /** As if these had signed up and confirmed their address before. */
    add(email: string, password: string): void {
      users.set(email, { id: randomUUID(), email, password, confirmed: true });
    },
    /** As when an operator ends them, or the password was changed elsewhere: nothing renews them any more. */
    endSessionsOf,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function checkPassword(password: unknown): void {
  if (String(password).length < SHORTEST_PASSWORD)
    throw new RefusedError(422, 'weak_password', `Password should be at least ${SHORTEST_PASSWORD} characters.`);
}

function shown({ id, email, confirmed }: User): Body {
  const at = new Date().toISOString();
  return { id, email, aud: 'authenticated', role: 'authenticated', created_at: at, ...(confirmed && { email_confirmed_at: at }) };
}

/** Pages of any origin may ask: the key says for which project. */
function allowPages(response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE');
  response.setHeader('access-control-allow-headers', 'authorization, apikey, content-type, x-client-info, x-supabase-api-version');
  response.setHeader('access-control-expose-headers', 'x-supabase-api-version');
  response.setHeader('x-supabase-api-version', '2024-01-01');
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
