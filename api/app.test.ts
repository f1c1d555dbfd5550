import { setImmediate } from 'node:timers/promises';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Problem } from '../shared/problem.ts';
import { LOGGED } from './logged.ts';
import { SPEC, startTestService, type TestService } from './test-service.ts';

describe('buildApp', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.close());

  const json = { 'content-type': 'application/json' };
  const cases: [what: string, status: number, code: string, request: InjectOptions][] = [
    ['an unknown path', 404, 'not_found', { url: '/v1/nothing' }],
    ['an unknown run', 404, 'not_found', { url: '/v1/backtests/01a20977-b12b-711c-a9f0-f29d18593d2c' }],
    ['an unknown run to pause', 404, 'not_found', { url: '/v1/backtests/x/pause', method: 'POST' }],
    ['an unknown run to delete', 404, 'not_found', { url: '/v1/backtests/x', method: 'DELETE' }],
    ['an unknown run to change', 404, 'not_found', { url: '/v1/backtests/x', method: 'PATCH', payload: {} }],
    ['an unknown strategy', 404, 'not_found', { url: '/v1/strategies/x' }],
    ['an unknown source', 404, 'not_found', { url: '/v1/datasets/x/symbols' }],
    ['a method that a path does not take', 405, 'method_not_allowed', { url: '/v1/backtests/x/pause', method: 'PUT' }],
    [
      'a body that is too large',
      413,
      'payload_too_large',
      { url: '/v1/backtests', method: 'POST', headers: json, payload: ' '.repeat(2 ** 20 + 1) },
    ],
    [
      'a form',
      415,
      'unsupported_media_type',
      { url: '/v1/backtests', method: 'POST', headers: { 'content-type': 'text/plain' }, payload: '{}' },
    ],
    ['broken JSON', 400, 'malformed_request', { url: '/v1/backtests', method: 'POST', headers: json, payload: '{"data":' }],
    ['a prototype', 400, 'malformed_request', { url: '/v1/backtests', method: 'POST', headers: json, payload: '{"__proto__":{"a":1}}' }],
    [
      'a constructor',
      400,
      'malformed_request',
      { url: '/v1/backtests', method: 'POST', headers: json, payload: '{"data":{"constructor":{"prototype":{"a":1}}}}' },
    ],
    ['a path that is no UTF-8', 400, 'malformed_request', { url: '/v1/%zz' }],
    ['no body', 422, 'invalid_spec', { url: '/v1/backtests', method: 'POST' }],
    ['null for a body', 422, 'invalid_spec', { url: '/v1/backtests', method: 'POST', headers: json, payload: 'null' }],
  ];
  it.each(cases)('answers %s with %i %s as problem details', async (_what, status, code, request) => {
    const answer = await service.app.inject(request);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    const problem = Problem.parse(answer.json());
    expect(problem).toMatchObject({ status, code });
    expect(answer.statusCode).toBe(status);
    expect(problem.detail).not.toBe('');
  });

  it('names the methods that a path takes', async () => {
    const answer = await service.app.inject({ url: '/v1/backtests/x', method: 'PUT' });
    expect(answer.headers['allow']).toBe('DELETE, GET, HEAD, PATCH');
  });

  it('hides what went wrong inside and names the request to look for in the log', async () => {
    const service = await startTestService();
    onTestFinished(() => service.close());
    service.store.get = async () => {
      throw new Error('secret path');
    };
    const answer = await service.call('GET', '/v1/backtests/x', { headers: { 'x-request-id': 'my-request' } });
    expect(answer.statusCode).toBe(500);
    expect(answer.json().code).toBe('internal');
    expect(answer.body).not.toContain('secret');
    expect(answer.json().detail).toContain('my-request');
  });

  it('says that the row store is away and when to come back', async () => {
    const service = await startTestService();
    onTestFinished(() => service.close());
    service.store.close();
    const answer = await service.get('/v1/backtests');
    expect(answer.json()).toMatchObject({ status: 503, code: 'store_unavailable' });
    expect(answer.headers['retry-after']).toBe('2');
  });

  it('gives back the id of a request, and makes one where it is missing or unfit for a log', async () => {
    const id = async (given: Record<string, string>) => String((await service.get('/healthz', given)).headers['x-request-id']);
    expect(await id({ 'x-request-id': 'abc-1' })).toBe('abc-1');
    expect(await id({})).toMatch(/^[0-9a-f-]{36}$/);
    expect(await id({ 'x-request-id': 'two words' })).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('takes a control with a JSON header and no body, as many clients send it', async () => {
    const { id } = await service.submit();
    const answer = await service.call('POST', `/v1/backtests/${id}/pause`, { headers: json });
    expect(answer.statusCode).toBe(202);
  });

  it('leads from the root to the docs, whose page and script come from here alone', async () => {
    expect((await service.get('/')).headers['location']).toBe('/docs/');
    const page = await service.get('/docs/');
    expect(page.body).toContain('<script src="js/scalar.js">');
    expect(page.body).not.toMatch(/https?:\/\//);
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'.*connect-src 'self'/);
    const script = await service.get('/docs/js/scalar.js');
    expect(script.statusCode).toBe(200);
    expect(script.body.length).toBeGreaterThan(100_000);
  });
});

describe('buildApp, asked for more than it can do', () => {
  it('refuses what is new at once and says when to come back, but not to whoever asks for its health', async () => {
    const service = await startTestService({ HOLDFAST_OVERLOAD_MS: 50 });
    onTestFinished(() => service.close());
    const busyUntil = performance.now() + 2_500; // the delay is measured once a second
    let answer = await service.get('/v1/strategies');
    while (answer.statusCode === 200 && performance.now() < busyUntil) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      await setImmediate();
      answer = await service.get('/v1/strategies');
    }
    expect(answer.json()).toMatchObject({ status: 503, code: 'overloaded' });
    expect(answer.headers['retry-after']).toBe('2');
    expect((await service.get('/healthz')).statusCode).toBe(200);
  });
});

describe('buildApp with pages of other origins', () => {
  const preview = 'https://app-feature-7.example.com';
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ HOLDFAST_ORIGINS: ['https://app.example.com', 'https://app-*.example.com'] });
  });
  afterAll(() => service.close());

  it.each(['https://app.example.com', preview])('lets %s read, and what it was answered with', async (origin) => {
    const headers = { origin, host: '127.0.0.1:4000' };
    const answer = await service.get('/v1/backtests', headers);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': origin, vary: expect.stringContaining('Origin') });
    expect(answer.headers['access-control-expose-headers']).toContain('ratelimit');
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    const refused = await service.get('/v1/backtests/x', headers);
    expect([refused.statusCode, refused.headers['access-control-allow-origin']]).toEqual([404, origin]);
  });

  it('answers a preflight', async () => {
    const headers = { origin: preview, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };
    const answer = await service.app.inject({ method: 'OPTIONS', url: '/v1/backtests', headers: { ...headers, host: '127.0.0.1' } });
    expect(answer.statusCode).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': preview,
      'access-control-allow-headers': expect.stringContaining('authorization'),
    });
  });

  it.each([
    'https://app-a.b.example.com',
    'https://app-.evil.example',
    'https://app-x.example.com.evil.example',
    'http://app.example.com',
    'https://app-*.example.com',
    'null',
  ])('lets %s read nothing', async (origin) => {
    const answer = await service.get('/v1/backtests', { origin, host: '127.0.0.1' });
    expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([403, undefined]);
  });
});

describe('what the log says of a request', () => {
  it('is neither its headers nor the secrets in its address', () => {
    const headers = { authorization: 'Bearer secret' };
    const request = { method: 'GET', id: '1', ip: '::1', url: '/v1/backtests/x?points=5&share=hfs_secret&ticket=hft_secret#a', headers };
    const logged = JSON.stringify(LOGGED.req(request));
    expect(logged).toContain('/v1/backtests/x?points=5');
    expect(logged).not.toContain('secret');
  });
});

describe('buildApp on loopback', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.close());

  it.each([
    ['a foreign name', { host: 'evil.example:4000' }],
    ['a name that begins like this machine', { host: '127.0.0.1.evil.example' }],
    ['a name in the user part', { host: '127.0.0.1@evil.example' }],
    ['a foreign page', { host: '127.0.0.1:4000', origin: 'http://evil.example' }],
    ['a page of another port', { host: '127.0.0.1:4000', origin: 'http://127.0.0.1:3000' }],
    ['a page of no origin', { host: '127.0.0.1:4000', origin: 'null' }],
  ])('refuses %s', async (_what, headers) => {
    const answer = await service.call('POST', '/v1/backtests', { headers, payload: SPEC });
    expect(answer.json()).toMatchObject({ status: 403, code: 'forbidden_origin' });
    expect((await service.get('/v1/backtests')).json().items).toEqual([]);
  });

  it.each([[{ host: 'localhost:4000' }], [{ host: '[::1]:4000' }], [{ host: '127.0.0.1:4000', origin: 'http://127.0.0.1:4000' }]])(
    'lets %o pass',
    async (headers) => {
      expect((await service.get('/v1/backtests', headers)).statusCode).toBe(200);
    },
  );
});

describe('buildApp with a token', () => {
  const token = 'a-token-of-some-length';
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ HOST: '0.0.0.0', API_TOKEN: token });
  });
  afterAll(() => service.close());

  it.each([
    [{}],
    [{ authorization: 'Bearer wrong' }],
    [{ authorization: `Basic ${token}` }],
    [{ authorization: `Bearer ${token} ` + 'x' }],
  ])('refuses %o', async (headers) => {
    const answer = await service.get('/v1/backtests', headers as Record<string, string>);
    expect(answer.json()).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="holdfast"');
  });

  it('lets the token pass, by any name of the machine', async () => {
    const answer = await service.get('/v1/backtests', { authorization: `Bearer ${token}`, host: 'backtests.example' });
    expect(answer.statusCode).toBe(200);
  });

  it('asks for none where nothing of a run is shown', async () => {
    for (const path of ['/healthz', '/readyz', '/openapi.json', '/docs/']) expect((await service.get(path)).statusCode).toBe(200);
  });
});
