import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANN, EVE, makeKey, startSignIn } from '../auth/test-sign-in.ts';
import { SPEC, startTestService, type TestService } from '../test-service.ts';

type Headers = Record<string, string>;

let signIn: Awaited<ReturnType<typeof startSignIn>>;
let service: TestService;
let ann: Headers;
let eve: Headers;
let root: Headers;
beforeAll(async () => {
  signIn = await startSignIn(await makeKey('one'));
  service = await startTestService({
    HOST: '0.0.0.0',
    SUPABASE_URL: signIn.url,
    HOLDFAST_PLANS: { default: { openRuns: 3, trialsPerDay: 50 }, pro: { openRuns: 30 } },
    HOLDFAST_REQUESTS_PER_MINUTE: 1_000,
  });
  ann = bearer(await signIn.session());
  eve = bearer(await signIn.session({ sub: EVE, app_metadata: { plan: 'pro' } }));
  root = bearer(await signIn.session({ sub: '0f0f0f0f-0000-4000-8000-00000000000f', app_metadata: { role: 'admin' } }));
});
afterAll(async () => {
  await service.close();
  signIn.close();
});

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
const submit = async (by: Headers): Promise<string> => (await service.post('/v1/backtests', SPEC, by)).json().id;
const statusOf = async (url: string, by: Headers): Promise<number> => (await service.get(url, by)).statusCode;
const makeToken = async (body: object, by = ann) => (await service.post('/v1/tokens', { name: 'CI', ...body }, by)).json();

describe('GET /v1/me', () => {
  it('says who asks, with limits and use', async () => {
    await submit(eve);
    expect((await service.get('/v1/me', eve)).json()).toEqual({
      owner: EVE,
      by: 'session',
      scopes: ['read', 'write'],
      isAdmin: false,
      plan: 'pro',
      limits: { openRuns: 30 },
      usage: { openRuns: 1, trialsPerDay: 1, cpuSecondsPerDay: 0, scannedBytesPerDay: 0, storedBytes: 0 },
    });
    expect((await service.get('/v1/me', ann)).json()).toMatchObject({ owner: ANN, plan: null, limits: { openRuns: 3 } });
  });

  it('is forgotten with all that is theirs, once nothing is open, and only when they are signed in', async () => {
    const gone = bearer(await signIn.session({ sub: '0d0d0d0d-0000-4000-8000-00000000000d' }));
    const { secret } = await makeToken({ scopes: ['read', 'write'] }, gone);
    const run = await submit(gone);
    expect((await service.call('DELETE', '/v1/me', { headers: bearer(secret) })).statusCode).toBe(403);
    expect((await service.call('DELETE', '/v1/me', { headers: gone })).json()).toMatchObject({ status: 409, code: 'not_forgettable' });
    await service.project(run, { status: 'cancelled', finishedAt: 1 });
    expect((await service.call('DELETE', '/v1/me', { headers: gone })).statusCode).toBe(204);
    expect((await service.get('/v1/backtests', gone)).json().items).toEqual([]);
    expect((await service.get('/v1/me', bearer(secret))).statusCode).toBe(401);
  });

  it('is refused, like everything, without a session or with one that is worth nothing, in the same words', async () => {
    const refused = await Promise.all(
      [{}, bearer('x'), bearer(`hf_${'a'.repeat(43)}`), bearer(await signIn.session({ exp: 1 }))].map((by) =>
        service.get('/v1/me', by as Headers),
      ),
    );
    expect(new Set(refused.map(({ statusCode }) => statusCode))).toEqual(new Set([401]));
    expect(new Set(refused.map(({ body }) => body)).size).toBe(1);
    expect(refused[0]!.headers['www-authenticate']).toBe('Bearer realm="holdfast"');
  });
});

describe('tokens', () => {
  it('stand for whoever made them, show their secret once, and nothing of it is in the rows', async () => {
    const made = await service.post('/v1/tokens', { name: 'CI', scopes: ['write', 'read', 'write'].slice(1) }, ann);
    const { secret, ...token } = made.json();
    expect(made.statusCode).toBe(201);
    expect(made.headers['cache-control']).toBe('no-store');
    expect(secret).toMatch(/^hf_[\w-]{43}$/);
    expect((await service.get('/v1/me', bearer(secret))).json()).toMatchObject({ owner: ANN, by: 'token', limits: { openRuns: 3 } });
    const listed = await service.get('/v1/tokens', ann);
    expect(listed.json().items).toEqual([{ ...token, lastUsedAt: expect.any(String) }]);
    expect(listed.body).not.toContain(secret);
    expect(JSON.stringify(await service.store.listCredentials(ANN, 'token'))).not.toContain(secret.slice(8));
    expect((await service.get('/v1/tokens', eve)).json().items).toEqual([]);
    const ofEve = await makeToken({}, eve);
    expect((await service.get('/v1/me', bearer(ofEve.secret))).json()).toMatchObject({ owner: EVE, plan: 'pro', limits: { openRuns: 30 } });
  });

  it('that may only read change nothing, and none makes or revokes tokens or is an operator', async () => {
    const [reads, writes] = [await makeToken({ scopes: ['read'] }, root), await makeToken({ scopes: ['write'] }, root)];
    expect((await service.post('/v1/backtests', SPEC, bearer(reads.secret))).json()).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await service.post('/v1/backtests/estimate', SPEC, bearer(reads.secret))).statusCode).toBe(200);
    expect((await service.post('/v1/backtests', SPEC, bearer(writes.secret))).statusCode).toBe(202);
    for (const method of ['GET', 'POST'] as const)
      expect((await service.call(method, '/v1/tokens', { headers: bearer(writes.secret), payload: {} })).statusCode).toBe(403);
    expect(await statusOf('/v1/admin/backtests', bearer(writes.secret))).toBe(403);
  });

  it('are worth nothing once revoked, which only their owner can', async () => {
    const { id, secret } = await makeToken({});
    expect((await service.call('DELETE', `/v1/tokens/${id}`, { headers: eve })).statusCode).toBe(404);
    expect(await statusOf('/v1/me', bearer(secret))).toBe(200);
    expect((await service.call('DELETE', `/v1/tokens/${id}`, { headers: ann })).statusCode).toBe(204);
    expect(await statusOf('/v1/me', bearer(secret))).toBe(401);
  });
});

describe('shares', () => {
  it('let anyone read exactly their run, until they are ended', async () => {
    const [run, other] = [await submit(eve), await submit(eve)];
    const made = await service.post('/v1/shares', { run, expiresInHours: 1 }, eve);
    const { id, secret, url } = made.json();
    expect(url).toBe(`http://127.0.0.1:4000/v1/backtests/${run}/report?share=${secret}`);
    expect((await service.get(`/v1/backtests/${run}?share=${secret}`)).json().id).toBe(run);
    expect(await statusOf(`/v1/backtests/${run}/equity?points=10&share=${secret}`, {})).toBe(200);
    expect(await statusOf(`/v1/backtests/${other}?share=${secret}`, {})).toBe(404);
    for (const path of ['/v1/backtests', '/v1/me', '/v1/shares', '/v1/events', '/v1/datasets'])
      expect([path, await statusOf(`${path}?share=${secret}`, {})]).toEqual([path, 403]);
    for (const [method, path] of [
      ['POST', '/cancel'],
      ['DELETE', ''],
      ['PATCH', ''],
    ] as const)
      expect((await service.call(method, `/v1/backtests/${run}${path}?share=${secret}`)).statusCode).toBe(403);
    expect(await statusOf(`/v1/backtests/${run}`, bearer(secret))).toBe(401);
    expect((await service.get('/v1/shares', eve)).json().items).toMatchObject([{ id, run }]);
    expect((await service.call('DELETE', `/v1/shares/${id}`, { headers: ann })).statusCode).toBe(404);
    expect((await service.call('DELETE', `/v1/shares/${id}`, { headers: eve })).statusCode).toBe(204);
    expect(await statusOf(`/v1/backtests/${run}?share=${secret}`, {})).toBe(401);
  });

  it('are of runs of one’s own', async () => {
    const run = await submit(eve);
    expect((await service.post('/v1/shares', { run }, ann)).statusCode).toBe(404);
  });
});

describe('a ticket', () => {
  it('opens one event stream, once', async () => {
    const run = await submit(eve);
    await service.project(run, { status: 'failed', phase: null, finishedAt: 1 });
    const made = await service.post('/v1/events/ticket', undefined, eve);
    const { ticket } = made.json();
    expect(await statusOf(`/v1/me?ticket=${ticket}`, {})).toBe(403);
    const next = (await service.post('/v1/events/ticket', undefined, eve)).json().ticket;
    expect((await service.get(`/v1/backtests/${run}/events?ticket=${next}`)).body).toContain('event: done');
    expect(await statusOf(`/v1/backtests/${run}/events?ticket=${next}`, {})).toBe(401);
    const foreign = (await service.post('/v1/events/ticket', undefined, ann)).json().ticket;
    expect(await statusOf(`/v1/backtests/${run}/events?ticket=${foreign}`, {})).toBe(404);
  });
});

describe('limits', () => {
  it('refuse what is too much with 429, the limit, and when to come back', async () => {
    for (let k = 0; k < 3; k++) await submit(ann);
    const refused = await service.post('/v1/backtests', SPEC, ann);
    expect(refused.json()).toMatchObject({
      status: 429,
      code: 'over_quota',
      detail: expect.stringContaining('3 of 3 runs that are not finished'),
    });
    expect(refused.headers).toMatchObject({ 'retry-after': '30', 'ratelimit-policy': '"openRuns";q=3', ratelimit: '"openRuns";r=0' });
    const batch = await service.post('/v1/batches', { items: Array.from({ length: 60 }, () => SPEC) }, ann);
    expect(batch.json()).toMatchObject({ status: 429, code: 'over_quota' });
    expect((await service.get('/v1/me', ann)).json().usage.openRuns).toBe(3);
  });

  it('of a day say how long the day still lasts', async () => {
    const limited = await startTestService({ HOLDFAST_PLANS: { default: { trialsPerDay: 1 } } });
    await limited.submit();
    const refused = await limited.post('/v1/backtests', SPEC);
    await limited.close();
    const [, seconds] = /^"trialsPerDay";r=0;t=(\d+)$/.exec(String(refused.headers['ratelimit']))!;
    expect(refused.headers['retry-after']).toBe(seconds);
    expect(refused.headers['ratelimit-policy']).toBe('"trialsPerDay";q=1;w=86400');
    expect(Number(seconds)).toBeLessThanOrEqual(86_400);
  });

  it('hold for how often someone asks, each owner alone', async () => {
    const limited = await startTestService({ SUPABASE_URL: signIn.url, HOLDFAST_REQUESTS_PER_MINUTE: 2 });
    const answers = [];
    for (let k = 0; k < 3; k++) answers.push(await limited.get('/v1/strategies', ann));
    const others = await limited.get('/v1/strategies', eve);
    await limited.close();
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 429]);
    expect(answers[0]!.headers).toMatchObject({
      'ratelimit-policy': '"requests";q=2;w=60',
      ratelimit: expect.stringMatching(/^"requests";r=1;t=\d+$/),
    });
    expect(answers[2]!.json()).toMatchObject({ status: 429, code: 'too_many_requests' });
    expect(Number(answers[2]!.headers['retry-after'])).toBeGreaterThan(0);
    expect(others.statusCode).toBe(200);
  });
});

describe('operators', () => {
  it('list and steer the runs of anyone, and start them again', async () => {
    const run = await submit(eve);
    const all = (await service.get(`/v1/admin/backtests?owner=${EVE}&limit=1`, root)).json();
    expect(all).toMatchObject({ items: [{ id: run, owner: EVE }], nextCursor: expect.any(String) });
    expect((await service.get('/v1/admin/backtests?limit=200', root)).json().items.map(({ owner }: { owner: string }) => owner)).toContain(
      ANN,
    );
    expect((await service.post(`/v1/admin/backtests/${run}/pause`, undefined, root)).json()).toMatchObject({ id: run, requested: 'pause' });
    expect((await service.post(`/v1/admin/backtests/${run}/cancel`, undefined, root)).json()).toMatchObject({ requested: 'cancel' });
    expect((await service.post(`/v1/admin/backtests/${run}/requeue`, undefined, root)).statusCode).toBe(202);
    expect(service.orchestrator.calls.slice(-3)).toEqual([`pause ${run}`, `cancel ${run}`, `restart ${run}`]);
    expect((await service.post('/v1/admin/backtests/00000000-0000-7000-8000-000000000000/pause', undefined, root)).statusCode).toBe(404);
  });

  it('are the only ones who may', async () => {
    const run = await submit(eve);
    for (const path of ['/backtests', '/blocks']) expect(await statusOf(`/v1/admin${path}`, eve)).toBe(403);
    for (const path of [`backtests/${run}/pause`, `backtests/${run}/requeue`, 'owners/x/disable', 'strategies/x/enable'])
      expect((await service.post(`/v1/admin/${path}`, { reason: 'x' }, eve)).statusCode).toBe(403);
  });

  it('disable an owner, whose tokens are refused too, and enable them again', async () => {
    const { secret } = await makeToken({}, eve);
    await service.post(`/v1/admin/owners/${EVE}/disable`, { reason: 'mining' }, root);
    for (const by of [eve, bearer(secret)])
      expect((await service.get('/v1/backtests', by)).json()).toMatchObject({
        status: 403,
        code: 'owner_disabled',
        detail: expect.stringContaining('mining'),
      });
    expect((await service.get('/v1/admin/blocks', root)).json().items).toMatchObject([{ kind: 'owner', name: EVE, reason: 'mining' }]);
    expect((await service.post(`/v1/admin/owners/${EVE}/enable`, undefined, root)).statusCode).toBe(204);
    expect(await statusOf('/v1/backtests', eve)).toBe(200);
    expect((await service.post(`/v1/admin/owners/${EVE}/enable`, undefined, root)).statusCode).toBe(404);
  });

  it('disable a strategy for what is submitted from then on', async () => {
    await service.post('/v1/admin/strategies/sma-cross/disable', { reason: 'it is wrong' }, root);
    expect((await service.post('/v1/backtests', SPEC, eve)).json()).toMatchObject({ status: 403, code: 'strategy_disabled' });
    expect((await service.post('/v1/batches', { items: [SPEC] }, eve)).json()).toMatchObject({ code: 'strategy_disabled' });
    await service.post('/v1/admin/strategies/sma-cross/enable', undefined, root);
    expect((await service.post('/v1/backtests', SPEC, eve)).statusCode).toBe(202);
  });
});
