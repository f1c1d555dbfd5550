import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Result, RunSummary } from '../../shared/run.ts';
import { storedResult } from '../test-results.ts';
import { startTestService, type TestService } from '../test-service.ts';

describe('GET /v1/backtests', () => {
  let service: TestService;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    service = await startTestService();
    const sample = (symbols: string[]) => ({ source: 'sample', symbols });
    ids['apple'] = (await service.submit({ name: 'Apple, the first', tags: ['demo'] })).id;
    ids['ibm'] = (await service.submit({ name: 'Big blue', data: sample(['IBM']), tags: ['demo', 'old'] })).id;
    ids['both'] = (await service.submit({ name: 'Both', data: sample(['AAPL', 'IBM']), strategy: { name: 'buy-and-hold' } })).id;
    await service.project(ids['apple'], { status: 'completed' });
    await service.project(ids['ibm'], { status: 'failed' });
  });
  afterAll(() => service.close());

  const names = async (query: string): Promise<(string | undefined)[]> => {
    const items: { id: string }[] = (await service.get(`/v1/backtests?${query}`)).json().items;
    return items.map((item) => Object.keys(ids).find((name) => ids[name] === item.id));
  };

  it('shows light rows, newest first', async () => {
    const { items, nextCursor } = (await service.get('/v1/backtests')).json();
    expect(items.map((item: unknown) => RunSummary.parse(item).name)).toEqual(['Both', 'Big blue', 'Apple, the first']);
    expect(items[0]).not.toHaveProperty('spec');
    expect(nextCursor).toBeNull();
  });

  it.each([
    ['sort=createdAt', ['apple', 'ibm', 'both']],
    ['status=completed', ['apple']],
    ['status=completed,queued', ['both', 'apple']],
    ['status=completed&status=failed', ['ibm', 'apple']],
    ['strategy=buy-and-hold', ['both']],
    ['symbol=IBM', ['both', 'ibm']],
    ['tag=demo', ['ibm', 'apple']],
    ['tag=demo&symbol=IBM&status=failed&strategy=sma-cross&q=blue', ['ibm']],
    ['q=THE%20FIRST', ['apple']],
    ['createdFrom=2000-01-01&createdTo=2000-12-31', []],
    ['createdFrom=2000-01-01&createdTo=2100-01-01T00:00:00Z', ['both', 'ibm', 'apple']],
  ])('takes the filter %s', async (query, expected) => {
    expect(await names(query)).toEqual(expected);
  });

  it('includes the whole of the day that ends a range', async () => {
    const today = new Date().toISOString().slice(0, 10);
    expect(await names(`createdFrom=${today}&createdTo=${today}`)).toHaveLength(3);
  });

  it('goes on from a cursor, and says when there is no more', async () => {
    const first = (await service.get('/v1/backtests?limit=2')).json();
    expect(first.items).toHaveLength(2);
    const second = (await service.get(`/v1/backtests?limit=2&cursor=${first.nextCursor}`)).json();
    expect(second.items.map((item: { id: string }) => item.id)).toEqual([ids['apple']]);
    expect(second.nextCursor).toBeNull();
    expect((await service.get('/v1/backtests?limit=3')).json().nextCursor).toBeNull();
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=many', 'limit'],
    ['status=done', 'status'],
    ['createdFrom=yesterday', 'createdFrom'],
    ['sort=name', 'sort'],
    ['cursor=abc', 'cursor'],
    ['statsu=failed', 'statsu'],
  ])('refuses %s', async (query, path) => {
    const answer = await service.get(`/v1/backtests?${query}`);
    expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_request', errors: [{ path }] });
  });

  it('names every fault of a query at once', async () => {
    const answer = await service.get('/v1/backtests?limit=0&sort=name&cursor=abc');
    expect(
      answer
        .json()
        .errors.map((fault: { path: string }) => fault.path)
        .toSorted(),
    ).toEqual(['cursor', 'limit', 'sort']);
  });
});

const NEWER = '01990c3e-0000-7000-8000-000000000009';

describe('a run', () => {
  let service: TestService;
  let self: string;
  let id: string;
  beforeEach(async () => {
    service = await startTestService();
    id = (await service.submit()).id;
    self = `/v1/backtests/${id}`;
  });
  afterEach(() => service.close());

  it('is sent again only when it has changed', async () => {
    const { etag } = (await service.get(self)).headers;
    const again = await service.get(self, { 'if-none-match': `"other", W/${etag}` });
    expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', etag]);
    expect(again.headers['cache-control']).toBe('no-cache');
    await service.project(id, { status: 'running', phase: 'simulate', startedAt: 1_700_000_000_000 });
    const changed = await service.get(self, { 'if-none-match': String(etag) });
    expect(changed.statusCode).toBe(200);
    expect(changed.json()).toMatchObject({ status: 'running', phase: 'simulate', startedAt: '2023-11-14T22:13:20.000Z' });
  });

  it("shows an operator's pause of the running step, also to whoever has the row already", async () => {
    await service.project(id, { status: 'running', phase: 'simulate' });
    const { etag } = (await service.get(self)).headers;
    service.orchestrator.state.paused = { activity: 'simulate', by: 'me', reason: 'the machine is needed', since: 1_700_000_000_000 };
    await vi.waitFor(async () => {
      const shown = await service.get(self, { 'if-none-match': String(etag) });
      expect(shown.statusCode).toBe(200);
      const operator = { paused: true, step: 'simulate', by: 'me', reason: 'the machine is needed', since: '2023-11-14T22:13:20.000Z' };
      expect(shown.json().operator).toEqual(operator);
    }, 5_000);
  });

  it('is shown as it is when a newer version has accepted it', async () => {
    const { spec } = (await service.get(self)).json();
    const newer = { ...spec, account: { ...spec.account, laterField: 'full' } };
    await service.store.submit({ id: NEWER, kind: 'backtest', owner: 'local', spec: newer, total: 0, idempotency: null });
    const answer = await service.get(`/v1/backtests/${NEWER}`);
    expect([answer.statusCode, answer.json().spec]).toEqual([200, newer]);
  });

  it('shows progress with the time that is left', async () => {
    await service.project(id, { status: 'running', phase: 'simulate', total: 1_000, done: 100 });
    await service.store.reportProgress({ runId: id, epoch: 1, done: 400, perSecond: 200 });
    const { progress } = (await service.get(self)).json();
    expect(progress).toEqual({ fraction: 0.4, done: 400, total: 1_000, unit: 'bars', perSecond: 200, etaSeconds: 3 });
  });

  it('takes a new name and new tags', async () => {
    const answer = await service.call('PATCH', self, { payload: { name: ' New ', tags: ['a'] } });
    expect(answer.json()).toMatchObject({ name: 'New', tags: ['a'] });
    expect((await service.call('PATCH', self, { payload: { tags: [] } })).json()).toMatchObject({ name: 'New', tags: [] });
    expect((await service.get('/v1/backtests?q=new')).json().items).toHaveLength(1);
  });

  it('takes nothing else, and no name that is empty', async () => {
    const answer = await service.call('PATCH', self, { payload: { name: '', status: 'completed' } });
    expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_request', errors: [{ path: 'name' }, { path: 'status' }] });
  });

  it('can be deleted once it has finished', async () => {
    expect((await service.call('DELETE', self)).json()).toMatchObject({ status: 409, code: 'not_deletable' });
    await service.project(id, { status: 'failed' });
    const answer = await service.call('DELETE', self);
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect((await service.get(self)).statusCode).toBe(404);
  });

  it('has no result before it has finished', async () => {
    expect((await service.get(`${self}/result`)).json()).toMatchObject({ status: 409, code: 'not_finished' });
  });

  it('says why it left no result', async () => {
    await service.project(id, { status: 'failed', error: { code: 'bad_data', message: 'The bar of 2001-02-03 is broken.' } });
    const problem = (await service.get(`${self}/result`)).json();
    expect(problem).toMatchObject({ status: 404, code: 'not_found' });
    expect(problem.detail).toContain('The bar of 2001-02-03 is broken.');
  });

  it('gives its result, marked as partial where it is', async () => {
    const stored = { ...(await storedResult(service.artifacts, [])), partial: true, endReason: 'interrupted' as const };
    await service.project(id, { status: 'cancelled', result: stored });
    const answer = await service.get(`${self}/result`);
    const result = Result.parse(answer.json());
    expect(result).toMatchObject({
      runId: id,
      partial: true,
      endReason: 'interrupted',
      manifest: stored.manifest,
      metrics: stored.metrics,
    });
    expect(answer.json()).not.toHaveProperty('curve');
    expect((await service.get(self)).json()).toMatchObject({ status: 'cancelled', metrics: stored.metrics });
    const again = await service.get(`${self}/result`, { 'if-none-match': String(answer.headers['etag']) });
    expect(again.statusCode).toBe(304);
  });
});
