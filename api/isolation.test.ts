import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANN, EVE, makeKey, startSignIn } from './auth/test-sign-in.ts';
import { createDatasetStore } from '../market-data/dataset-store.ts';
import { barsOf } from '../test/fixtures/bars.ts';
import { storedResult } from './test-results.ts';
import { valuesOf, type OpenApiDocument } from './test-requests.ts';
import { startTestService, SPEC, type TestService } from './test-service.ts';

type Headers = Record<string, string>;

let signIn: Awaited<ReturnType<typeof startSignIn>>;
let service: TestService;
let ann: Headers;
let eve: Headers;
let document: OpenApiDocument;
let owned: Record<string, string>;
beforeAll(async () => {
  signIn = await startSignIn(await makeKey('one'));
  service = await startTestService({ SUPABASE_URL: signIn.url });
  const bearer = async (sub: string) => ({ authorization: `Bearer ${await signIn.session({ sub })}` });
  [ann, eve] = [await bearer(ANN), await bearer(EVE)];
  document = (await service.get('/openapi.json')).json();
  owned = await makeOneOfEach();
});
afterAll(async () => {
  await service.close();
  signIn.close();
});

/** Addresses that name nobody's thing: what is there is there for all. */
const OF_ALL = new Set(['/v1/strategies/{name}']);

const TRIES = 30;

/** One thing of Ann's for each kind of address with an id in it, by how the address begins. A new kind of address needs a new line. */
async function makeOneOfEach(): Promise<Record<string, string>> {
  const submit = async () => (await service.post('/v1/backtests', SPEC, ann)).json().id as string;
  const run = await submit();
  const dataset = await createDatasetStore(service.artifacts).write('public', [[barsOf([1, 2, 3, 4], 'AAPL')]]);
  const result = { ...(await storedResult(service.artifacts, [100, 101, 99, 104])), dataset };
  await service.project(run, { status: 'completed', phase: null, result, finishedAt: 1 });
  const csv = 'ts,open,high,low,close,volume\n2024-01-02,1,1,1,1,1\n2024-01-03,1,1,1,1,1\n';
  await service.call('POST', '/v1/datasets?name=mine&symbol=MINE', { headers: { ...ann, 'content-type': 'text/csv' }, payload: csv });
  const idOf = async (path: string, body: object): Promise<string> => (await service.post(path, body, ann)).json().id;
  const sweep = await idOf('/v1/sweeps', { ...SPEC, space: { fast: { values: [5, 10] } } });
  const history = await service.artifacts.put(ANN, gzipSync('{"events":[]}'));
  for (const runId of [run, sweep]) await service.store.keepHistory({ runId, finishedAt: 1 }, history);
  // Its events then end.
  await service.project(sweep, { status: 'cancelled', phase: null, finishedAt: 1 });
  return {
    '/v1/backtests/': run,
    '/v1/sweeps/': sweep,
    '/v1/batches/': await idOf('/v1/batches', { items: [SPEC] }),
    '/v1/datasets/': 'upload:mine',
    '/v1/tokens/': await idOf('/v1/tokens', { name: 'CI' }),
    '/v1/shares/': await idOf('/v1/shares', { run }),
    '/v1/schedules/': await idOf('/v1/schedules', { name: 'Nightly', cron: '30 2 * * *', spec: SPEC }),
    '/v1/webhooks/': await idOf('/v1/webhooks', { url: 'https://example.com' }),
  };
}

interface Call {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  url: string;
  /** Bodies to try: what is not sound is refused before anyone looks whose it is. */
  payloads: unknown[];
}

/** Every call of the document whose address names something, with Ann's in it. */
function callsWithIds(): Call[] {
  return Object.entries(document.paths).flatMap(([path, operations]) => {
    if (!path.includes('{') || path.startsWith('/v1/admin/') || OF_ALL.has(path)) return [];
    const kind = Object.keys(owned).find((beginning) => path.startsWith(beginning));
    if (kind === undefined) throw new Error(`${path} has an id in it: say above what of Ann's there is`);
    const address = path.replace(/\{\w+\}/, encodeURIComponent(owned[kind]!));
    return Object.entries(operations).map(([method, { parameters = [], requestBody }]) => {
      const query = parameters.filter((one) => one.in === 'query' && one.required).map(({ name }) => `${name}=fast`);
      const url = query.length === 0 ? address : `${address}?${query.join('&')}`;
      const body = requestBody?.content['application/json']?.schema;
      const payloads = body ? [{}, ...fc.sample(valuesOf(body, document.components.schemas), TRIES)] : [undefined];
      return { method: method.toUpperCase() as Call['method'], path, url, payloads };
    });
  });
}

async function faultsOf(by: Headers, calls = callsWithIds()): Promise<string[]> {
  const faults: string[] = [];
  for (const call of calls) {
    const { method, path } = call;
    const { statusCode, body } = await firstSound(call, by);
    if (statusCode !== 404 || JSON.parse(body).code !== 'not_found') faults.push(`${method} ${path}: ${statusCode} ${body.slice(0, 200)}`);
  }
  return faults;
}

async function firstSound({ method, url, payloads }: Call, by: Headers) {
  const headers = { ...by, ...(payloads[0] !== undefined && { 'content-type': 'application/json' }) };
  for (const [k, payload] of payloads.entries()) {
    const answer = await service.call(method, url, { headers, ...(payload !== undefined && { payload: JSON.stringify(payload) }) });
    if (answer.statusCode !== 422 || k === payloads.length - 1) return answer;
  }
  throw new Error('a call has a body to try, or none');
}

describe("what is someone else's", { timeout: 60_000 }, () => {
  it('is not there, at every address of the document with an id in it', async () => {
    expect(callsWithIds().length).toBeGreaterThan(30);
    expect(await faultsOf(eve)).toEqual([]);
  });

  it('is there for its owner: what was asked for exists', async () => {
    for (const { method, path, url } of callsWithIds().filter((call) => call.method === 'GET')) {
      const { statusCode } = await service.call(method, url, { headers: ann });
      // A sweep that was cancelled at once has no result.
      expect([path, statusCode]).toEqual([path, path === '/v1/sweeps/{id}/result' ? 404 : 200]);
    }
  });

  it('would be noticed where a route did not look whose it is', async () => {
    const real = { ...service.store };
    service.store.get = (_owner, id) => real.get(ANN, id);
    service.store.getWebhook = (_owner, id) => real.getWebhook(ANN, id);
    // A stream of what happens to the runs of another would not end.
    const faults = await faultsOf(
      eve,
      callsWithIds().filter(({ path }) => !path.endsWith('/events')),
    );
    Object.assign(service.store, real);
    expect(faults.some((fault) => fault.startsWith('GET /v1/backtests/{id}: 200'))).toBe(true);
    expect(faults.some((fault) => fault.startsWith('GET /v1/webhooks/{id}: 200'))).toBe(true);
  });

  it('stands in no list, whatever the filter', async () => {
    const lists = Object.keys(document.paths).filter((path) => document.paths[path]!['get'] && !/\{|admin|\/events$/.test(path));
    expect(lists.length).toBeGreaterThan(8);
    for (const path of lists) {
      const { body } = await service.get(path, eve);
      for (const id of Object.values(owned)) expect([path, body.includes(id)]).toEqual([path, false]);
    }
    const filtered = await service.get(`/v1/backtests?batch=${owned['/v1/batches/']}`, eve);
    expect(filtered.json().items).toEqual([]);
  });

  it('cannot be traded on', async () => {
    const spec = { data: { source: 'upload:mine', symbols: ['MINE'] }, strategy: { name: 'buy-and-hold' } };
    expect((await service.post('/v1/backtests/estimate', spec, ann)).statusCode).toBe(200);
    const refused = await service.post('/v1/backtests', spec, eve);
    expect(refused.json()).toMatchObject({ status: 422, code: 'invalid_spec', errors: [{ path: 'data.source' }] });
    expect(refused.body).not.toContain('MINE');
  });
});
