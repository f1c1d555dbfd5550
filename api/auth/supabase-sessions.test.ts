import { exportJWK, exportSPKI } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSupabaseSessions, type VerifySession } from './supabase-sessions.ts';
import { ANN, EVE, makeKey, ROOT, SECRET, startSignIn } from './test-sign-in.ts';

type Key = Awaited<ReturnType<typeof makeKey>>;
type SignIn = Awaited<ReturnType<typeof startSignIn>>;

let [elliptic, rsa, foreign]: Key[] = [];
let signIn: SignIn;
let verify: VerifySession;
beforeAll(async () => {
  [elliptic, rsa, foreign] = await Promise.all([makeKey('one'), makeKey('two', 'RS256'), makeKey('one')]);
});
beforeEach(async () => {
  signIn = await startSignIn(elliptic!);
  verify = createSupabaseSessions({ url: signIn.url, jwtSecret: SECRET, audience: 'authenticated', admins: [ROOT] });
});
afterEach(() => {
  vi.useRealTimers();
  signIn.close();
});

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = (from: number): number => Math.floor(Date.now() / 1_000) + from;

describe('a session', () => {
  it('stands for its subject, whether it is signed with ES256, RS256 or the secret', async () => {
    signIn.state.keys = [elliptic!, rsa!];
    const expected = { owner: ANN, by: 'session', scopes: ['read', 'write'], runId: null, plan: null, isAdmin: false };
    expect(await verify(await signIn.session())).toEqual(expected);
    expect(await verify(await signIn.session({}, {}, rsa))).toEqual(expected);
    expect(await verify(await signIn.signedWith(SECRET))).toEqual(expected);
  });

  it('is that of an operator by what the project says of its user, or by the settings, and never by what users say of themselves', async () => {
    const isAdmin = async (changes: Record<string, unknown>) => (await verify(await signIn.session(changes)))?.isAdmin;
    expect(await isAdmin({ app_metadata: { role: 'admin' } })).toBe(true);
    expect(await isAdmin({ sub: ROOT })).toBe(true);
    expect(await isAdmin({ user_metadata: { role: 'admin' }, app_metadata: { role: 'user' } })).toBe(false);
    expect(await isAdmin({ app_metadata: { role: ['admin'] } })).toBe(false);
    expect((await verify(await signIn.session({ app_metadata: { plan: 'pro' } })))?.plan).toBe('pro');
  });

  it('may be some seconds off by the clock of another machine', async () => {
    expect(await verify(await signIn.session({ exp: seconds(-20) }))).not.toBeNull();
    expect(await verify(await signIn.session({ nbf: seconds(20) }))).not.toBeNull();
  });
});

it('a session may be issued in another name than that of the address at which its keys are', async () => {
  const issuer = 'https://auth.example.com/auth/v1';
  const behind = createSupabaseSessions({ url: signIn.url, jwtSecret: undefined, audience: 'authenticated', admins: [], issuer });
  expect(await behind(await signIn.session({ iss: issuer }))).toMatchObject({ owner: ANN });
  expect(await behind(await signIn.session())).toBeNull();
});

it('a session of Supabase as it is today has much that does not count', async () => {
  const session = signIn.session({
    aud: ['authenticated'],
    email: 'ann@example.com',
    phone: '',
    app_metadata: { provider: 'email', providers: ['email'] },
    user_metadata: { email_verified: true, role: 'admin', is_admin: true },
    aal: 'aal1',
    amr: [{ method: 'password', timestamp: 1 }],
    session_id: '5a5a5a5a-0000-4000-8000-00000000000a',
    is_anonymous: false,
  });
  expect(await verify(await session)).toMatchObject({ owner: ANN, by: 'session', isAdmin: false, plan: null });
});

describe('worth nothing is a token', () => {
  const cases: [what: string, token: () => Promise<string>][] = [
    ['without a signature', async () => `${base64({ alg: 'none' })}.${base64(signIn.claims())}.`],
    ['that says none in another case', async () => `${base64({ alg: 'nOnE', kid: 'one' })}.${base64(signIn.claims())}.`],
    ['signed with the public key as a secret', async () => signIn.signedWith(await exportSPKI(rsa!.publicKey), {}, { kid: 'two' })],
    [
      'signed with the public key, as it is in the key set, as a secret',
      async () => signIn.signedWith(JSON.stringify(await exportJWK(elliptic!.publicKey)), {}, { kid: 'one' }),
    ],
    ['signed with another secret', () => signIn.signedWith('another-secret-of-more-than-thirty-two')],
    ['signed with an empty secret', () => signIn.signedWith(new Uint8Array(1))],
    ['signed by a key of someone else under a known name', () => signIn.session({}, {}, foreign)],
    ['that names an unknown key', () => signIn.session({}, { kid: 'three' }, foreign)],
    ['that names a file as its key', () => signIn.session({}, { kid: '../../../../dev/null' }, foreign)],
    ['that names SQL as its key', () => signIn.session({}, { kid: "x' UNION SELECT 'secret" }, foreign)],
    ['that brings its own key', async () => signIn.session({}, { jwk: await exportJWK(foreign!.publicKey) }, foreign)],
    ['that says where its key is', () => signIn.session({}, { jku: 'http://127.0.0.1:1/keys', x5u: 'http://127.0.0.1:1/x' }, foreign)],
    ['of another issuer', () => signIn.session({ iss: 'https://evil.example/auth/v1' })],
    ['of an issuer that begins like this one', () => signIn.session({ iss: `${signIn.url}/auth/v1.evil.example` })],
    ['without an issuer', () => signIn.session({ iss: undefined })],
    ['for another audience', () => signIn.session({ aud: 'anon' })],
    ['without an audience', () => signIn.session({ aud: undefined })],
    ['that has expired', () => signIn.session({ exp: seconds(-60) })],
    ['that never expires', () => signIn.session({ exp: undefined })],
    ['that is not valid yet', () => signIn.session({ nbf: seconds(60) })],
    ['without a subject', () => signIn.session({ sub: undefined })],
    ['whose subject is a path', () => signIn.session({ sub: '../public' })],
    ['whose subject is the owner of a service without sign-in', () => signIn.session({ sub: 'local' })],
    ['that is an API key of the project', () => signIn.signedWith(SECRET, { iss: 'supabase', role: 'service_role', sub: undefined })],
    ['of a service role', () => signIn.session({ role: 'service_role' })],
    ['of an anonymous user', () => signIn.session({ is_anonymous: true })],
    ['that was cut', async () => (await signIn.session()).slice(0, -4)],
    [
      'whose claims were changed',
      async () => {
        const [header, , signature] = (await signIn.session()).split('.');
        return `${header}.${base64(signIn.claims({ sub: EVE }))}.${signature}`;
      },
    ],
    ['that is no token', async () => 'x'],
    ['of three dots', async () => '...'],
  ];
  it.each(cases)('%s', async (_what, token) => {
    expect(await verify(await token())).toBeNull();
  });

  it('signed with a secret where the project has none', async () => {
    const byKeys = createSupabaseSessions({ url: signIn.url, jwtSecret: undefined, audience: 'authenticated', admins: [] });
    expect(await byKeys(await signIn.signedWith(SECRET))).toBeNull();
  });
});

describe('the key set', () => {
  it('is asked for once, and again for a key that is new, but not for each that is not there', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    for (let k = 0; k < 5; k++) await verify(await signIn.session());
    expect(signIn.state.asked).toBe(1);

    signIn.state.keys = [elliptic!, rsa!];
    for (let k = 0; k < 5; k++) expect(await verify(await signIn.session({}, {}, rsa))).toBeNull();
    expect(signIn.state.asked).toBe(1);
    vi.setSystemTime(Date.now() + 31_000);
    expect(await verify(await signIn.session({}, {}, rsa))).toMatchObject({ owner: ANN });
    for (let k = 0; k < 5; k++) await verify(await signIn.session({}, { kid: `new-${k}` }, foreign));
    expect(signIn.state.asked).toBe(2);
  });

  it('loses a key that was taken out of it', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    expect(await verify(await signIn.session())).not.toBeNull();
    signIn.state.keys = [rsa!];
    vi.setSystemTime(Date.now() + 10 * 60_000 + 1);
    expect(await verify(await signIn.session())).toBeNull();
  });

  it('counts on while it cannot be asked for anew, and is waited for where it was never had', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    signIn.state.status = 500;
    await expect(verify(await signIn.session())).rejects.toMatchObject({ code: 'sign_in_unavailable' });
    expect(await verify(await signIn.signedWith(SECRET))).not.toBeNull();
    signIn.state.status = 200;
    expect(await verify(await signIn.session())).not.toBeNull();
    signIn.state.status = 500;
    vi.setSystemTime(Date.now() + 11 * 60_000);
    expect(await verify(await signIn.session())).not.toBeNull();
    signIn.close();
    const away = createSupabaseSessions({ url: 'http://127.0.0.1:1', jwtSecret: undefined, audience: 'authenticated', admins: [] });
    await expect(away(await signIn.session())).rejects.toMatchObject({ code: 'sign_in_unavailable' });
  });
});
