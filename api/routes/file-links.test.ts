import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createS3Bucket } from '../../artifacts/bucket.ts';
import { createObjectStore } from '../../artifacts/object-store.ts';
import { createDatasetStore } from '../../market-data/dataset-store.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import { startObjectStorage } from '../../test/rig/object-storage.ts';
import { ANN, EVE, makeKey, startSignIn } from '../auth/test-sign-in.ts';
import { storedResult } from '../test-results.ts';
import { startTestService, type TestService } from '../test-service.ts';

type Headers = Record<string, string>;

const HOST = 'http://127.0.0.1:4000';
let signIn: Awaited<ReturnType<typeof startSignIn>>;
let service: TestService;
let [ann, eve]: Headers[] = [];
beforeAll(async () => {
  signIn = await startSignIn(await makeKey('one'));
  service = await startTestService({ SUPABASE_URL: signIn.url, HOLDFAST_LINK_SECRET: 'a secret of thirty-two letters or more' });
  const bearer = async (sub: string): Promise<Headers> => ({ authorization: `Bearer ${await signIn.session({ sub, exp: 4e9 })}` });
  [ann, eve] = [await bearer(ANN), await bearer(EVE)];
});
afterEach(() => void vi.useRealTimers());
afterAll(async () => {
  await service.close();
  signIn.close();
});

async function finishedRun(): Promise<string> {
  const payload = { data: { source: 'sample', symbols: ['AAPL'] }, strategy: { name: 'sma-cross' } };
  const { id } = (await service.post('/v1/backtests', payload, ann)).json();
  const dataset = await createDatasetStore(service.artifacts).write('public', [[barsOf([1, 2, 3], 'AAPL')]]);
  const result = { ...(await storedResult(service.artifacts, [100, 101, 99])), dataset };
  await service.project(id, { status: 'completed', phase: null, result, finishedAt: 1 });
  return id as string;
}

async function linksOf(run: string, body: object = {}): Promise<Record<string, string>> {
  const made = await service.post(`/v1/backtests/${run}/links`, body, ann);
  expect(made.statusCode).toBe(201);
  const { files } = made.json() as { files: { name: string; url: string }[] };
  return Object.fromEntries(files.map(({ name, url }) => [name, url.replace(HOST, '')]));
}

const refused = { status: 403, code: 'forbidden', detail: expect.stringContaining('has expired, or it was altered') };

describe('links to the files of a run', () => {
  it('give each file to whoever has them, as its owner gets it', async () => {
    const run = await finishedRun();
    const links = await linksOf(run);
    expect(Object.keys(links)).toContain('trades.parquet');
    for (const [name, url] of Object.entries(links)) {
      const [byLink, byOwner] = [await service.get(url), await service.get(url.replace(/[?&]link=.*/, ''), ann)];
      expect([name, byLink.statusCode]).toEqual([name, 200]);
      expect(byLink.headers['content-type']).toBe(byOwner.headers['content-type']);
      expect(byLink.rawPayload.equals(byOwner.rawPayload)).toBe(true);
    }
    expect((await service.call('HEAD' as 'GET', links['report.html']!)).statusCode).toBe(200);
  });

  it('are refused in the same words when anything of them was altered', async () => {
    const [run, other] = [await finishedRun(), await finishedRun()];
    const url = (await linksOf(run))['trades.csv']!;
    const [, seconds] = /\.(\d+)\.[\w-]{43}$/.exec(url)!;
    const altered = [
      url.replace('trades', 'equity'),
      url.replace(run, other),
      url.replace('csv', 'json'),
      url.replace('?', '?from=2004-01-01&'),
      `${url}&from=2004-01-01`,
      url.replace(`.${seconds}.`, `.${Number(seconds) + 60}.`),
      url.replace(ANN, EVE),
      `${url.slice(0, -1)}${url.endsWith('A') ? 'B' : 'A'}`,
      url.slice(0, -1),
      `/v1/backtests/${run}?link=`,
      `/v1/backtests/${run}?link=a&link=b`,
      `/v1/backtests?link=${url.split('link=')[1]!}`,
      `/v1/backtests/${run}?${url.split('?')[1]!}`,
    ];
    for (const each of altered) {
      const answer = await service.get(each);
      expect([each, answer.json()]).toEqual([each, expect.objectContaining(refused)]);
      expect(answer.headers['content-type']).toContain('application/problem+json');
    }
    const steering = await service.post(url.replace('trades', 'cancel'));
    expect(steering.json()).toMatchObject({ status: 403 });
    // A session does not help a link that is worth nothing, and a link reads even where the session is of somebody else.
    expect((await service.get(altered[0]!, ann)).statusCode).toBe(403);
    expect((await service.get(url, eve)).statusCode).toBe(200);
  });

  it('end when their time has come, with the account, and with the run', async () => {
    const run = await finishedRun();
    const { 'equity.csv': url } = (await linksOf(run, { expiresInMinutes: 5 })) as { 'equity.csv': string };
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 299_000 });
    expect((await service.get(url)).statusCode).toBe(200);
    vi.setSystemTime(Date.now() + 2_000);
    expect((await service.get(url)).json()).toMatchObject(refused);
    vi.useRealTimers();
    expect((await service.call('DELETE', `/v1/backtests/${run}`, { headers: ann! })).statusCode).toBe(204);
    expect((await service.get(url)).json()).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('are made by the owner alone, with the right to write, of a run that has a result, for a week at most', async () => {
    const run = await finishedRun();
    const { id: open } = (
      await service.post('/v1/backtests', { data: { source: 'sample', symbols: ['AAPL'] }, strategy: { name: 'sma-cross' } }, ann)
    ).json();
    const status = async (id: string, by: Headers, body = {}) => (await service.post(`/v1/backtests/${id}/links`, body, by)).statusCode;
    expect(await status(run, eve!)).toBe(404);
    expect(await status(run, {})).toBe(401);
    expect(await status(open as string, ann!)).toBe(409);
    expect(await status(run, ann!, { expiresInMinutes: 7 * 24 * 60 + 1 })).toBe(422);
    const { secret } = (await service.post('/v1/tokens', { name: 'reads', scopes: ['read'] }, ann)).json();
    expect(await status(run, { authorization: `Bearer ${secret}` })).toBe(403);
    const { secret: share } = (await service.post('/v1/shares', { run }, ann)).json();
    expect((await service.post(`/v1/backtests/${run}/links?share=${share}`, {})).statusCode).toBe(403);
  });

  it('are of this service: another secret makes others', async () => {
    const url = (await linksOf(await finishedRun()))['logs.csv']!;
    const other = await startTestService({ SUPABASE_URL: signIn.url, HOLDFAST_LINK_SECRET: 'another secret of thirty-two letters' });
    onTestFinished(() => other.close());
    expect((await other.get(url)).json()).toMatchObject(refused);
  });

  it('lead to the stored series themselves where these lie in object storage', async () => {
    const storage = await startObjectStorage();
    onTestFinished(() => storage[Symbol.asyncDispose]());
    const temporaryFolder = mkdtempSync(path.join(tmpdir(), 'holdfast-links-'));
    onTestFinished(() => rmSync(temporaryFolder, { recursive: true }));
    const artifacts = createObjectStore({ bucket: createS3Bucket(storage.bucket, 'links/', storage.options), temporaryFolder });
    const there = await startTestService({}, undefined, artifacts);
    onTestFinished(() => there.close());
    const run = await there.submit();
    const result = await storedResult(artifacts, [100, 101, 99]);
    await there.project(run.id, { status: 'completed', phase: null, result, finishedAt: 1 });
    const { stored } = (await there.post(`/v1/backtests/${run.id}/links`, {})).json() as {
      stored: { name: string; url: string; bytes: number }[];
    };
    expect(stored.map(({ name }) => name)).toEqual(['curve', 'trades', 'orders']);
    for (const { url, bytes } of stored) expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(bytes);
  });
});
