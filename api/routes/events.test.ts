import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createCheckpointStore } from '../../artifacts/checkpoints.ts';
import { createChunkStore } from '../../artifacts/chunks.ts';
import { numberedColumns } from '../../artifacts/series-for-tests.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import { CURVE_COLUMNS, ORDER_COLUMNS, TRADE_COLUMNS } from '../../shared/series.ts';
import { allEvents, connectToEvents, faultsIn, storyOf, watchEvents, type ReceivedEvent } from '../../test/rig/events.ts';
import { startTestService, type TestService } from '../test-service.ts';

let service: TestService;
let url: string;
beforeEach(async () => {
  service = await startTestService({ HOLDFAST_EVENT_STREAMS: 20 });
  url = await service.app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => service.close());

/** Stores slices of a run as its activities would: the equity of a bar is its number. */
function slicesOf(total: number) {
  const chunks = createChunkStore(service.artifacts);
  const checkpoints = createCheckpointStore(service.artifacts);
  let previous: ArtifactRef | null = null;
  let bar = 0;
  return async (bars: number): Promise<{ done: number; total: number; checkpoint: ArtifactRef }> => {
    const fromBar = bar;
    bar += bars;
    const curve = numberedColumns(CURVE_COLUMNS, bars);
    curve.equity.forEach((_, row) => (curve.equity[row] = fromBar + row));
    const tables = { curve, trades: numberedColumns(TRADE_COLUMNS, 0), orders: numberedColumns(ORDER_COLUMNS, 0), logs: [] };
    previous = await chunks.append('local', { previous, fromBar, toBar: bar, ...tables });
    const ended = bar === total ? ('end-of-data' as const) : null;
    const rest = { dataset: previous, slices: 1, attempts: 1, cpuSeconds: 1, state: {} };
    return { done: bar, total, checkpoint: await checkpoints.write('local', { ...rest, bar, total, ended, chunk: previous }) };
  };
}

/** A run of 10,000 bars, of which every fifth is told: queued, fetched, three slices, a pause, the end. */
async function wholeRun(): Promise<string> {
  const { id } = await service.submit();
  const slice = slicesOf(10_000);
  await service.project(id, { status: 'running', phase: 'fetch' });
  await service.project(id, { phase: 'simulate', ...(await slice(1_000)) });
  await service.project(id, { phase: 'simulate', ...(await slice(2_502)) });
  await service.project(id, { status: 'paused' });
  await service.project(id, { status: 'running' });
  await service.project(id, { status: 'completed', phase: null, ...(await slice(6_498)), finishedAt: Date.now() });
  return id;
}

const eventsOf = (id: string): string => `${url}/v1/backtests/${id}/events`;
const barsOf = (events: readonly ReceivedEvent[]): number[] =>
  events.flatMap((event) => (event.name === 'equity' ? event.data.columns.bar : []));
const everyFifth = (toBar: number): number[] => Array.from({ length: Math.floor(toBar / 5) }, (_, index) => 5 * index + 4);

async function first(address: string, count: number, lastEventId?: string): Promise<ReceivedEvent[]> {
  const events: ReceivedEvent[] = [];
  for await (const event of connectToEvents(address, { lastEventId })) if (events.push(event) === count) break;
  return events;
}

describe('GET /v1/backtests/:id/events', () => {
  it('tells a run from its beginning to its end, and then ends', async () => {
    const events = await allEvents(eventsOf(await wholeRun()));
    expect(faultsIn(events)).toEqual([]);
    const names = events.filter(({ name }) => name !== 'equity');
    expect(names.map(({ name, data }) => [name, 'status' in data && data.status])).toEqual([
      ['status', 'queued'],
      ['status', 'running'],
      ['status', 'running'],
      ['progress', false],
      ['status', 'paused'],
      ['status', 'running'],
      ['progress', false],
      ['done', 'completed'],
    ]);
    expect(events.at(-1)).toMatchObject({ name: 'done', data: { progress: { fraction: 1, done: 10_000 }, phase: null } });
  });

  it('tells the curve in 2,000 evenly spread points, 200 an event at most', async () => {
    const events = await allEvents(eventsOf(await wholeRun()));
    expect(barsOf(events)).toEqual(everyFifth(10_000));
    const equity = events.flatMap((event) => (event.name === 'equity' ? event.data : []));
    expect(equity.flatMap(({ columns }) => columns.equity)).toEqual(everyFifth(10_000));
    // 1,000 bars, 2,502 and 6,498 hold 200 points, 500 and 1,300.
    expect(equity.map(({ rows }) => rows)).toEqual([200, 200, 200, 100, 200, 200, 200, 200, 200, 200, 100]);
    expect(equity[0]).toMatchObject({ fromBar: 0, toBar: 1_000, total: 10_000 });
    expect(equity[3]!.toBar).toBe(3_502);
  });

  it('goes on after any id with exactly what came after it', async () => {
    const address = eventsOf(await wholeRun());
    const all = await allEvents(address);
    for (const [index, { id }] of all.slice(0, -1).entries()) {
      expect(await allEvents(address, { lastEventId: id })).toEqual(all.slice(index + 1));
    }
    const fromQuery = await allEvents(`${address}?lastEventId=${all[6]!.id}`);
    expect(fromQuery).toEqual(all.slice(7));
  });

  it('tells the same from another process', async () => {
    const id = await wholeRun();
    const before = await allEvents(eventsOf(id));
    await service.app.close();
    const again = await service.restart();
    url = await again.listen({ host: '127.0.0.1', port: 0 });
    expect(await allEvents(eventsOf(id), { lastEventId: before[4]!.id })).toEqual(before.slice(5));
  });

  it('tells all watchers the same as it happens, however often they reconnect', async () => {
    const { id } = await service.submit();
    const slice = slicesOf(20_000);
    const steady = watchEvents(eventsOf(id));
    const flaky = watchEvents(eventsOf(id), { dropAfter: () => 2 });
    await first(eventsOf(id), 1);
    await service.project(id, { status: 'running', phase: 'simulate' });
    for (const bars of [3_000, 7_000, 9_000]) {
      await service.store.reportProgress({ runId: id, epoch: 1, done: bars, perSecond: 5 });
      await service.project(id, await slice(bars));
    }
    await service.project(id, { status: 'completed', phase: null, ...(await slice(1_000)), finishedAt: Date.now() });
    const stories = await Promise.all([steady, flaky]);
    for (const events of stories) expect(faultsIn(events)).toEqual([]);
    expect(storyOf(stories[1])).toEqual(storyOf(stories[0]));
    expect(barsOf(stories[0])).toHaveLength(2_000);
  });

  it('shows live progress, of several reports the last', async () => {
    const { id } = await service.submit();
    await service.project(id, { status: 'running', phase: 'simulate', total: 100 });
    for (const done of [10, 20, 30]) await service.store.reportProgress({ runId: id, epoch: 1, done, perSecond: 5 });
    const events = await first(eventsOf(id), 3);
    expect(events.at(-1)).toMatchObject({ name: 'progress', data: { runId: id, progress: { fraction: 0.3, done: 30, perSecond: 5 } } });
  });

  it('answers 204 once the end was seen, so that browsers stop', async () => {
    const address = eventsOf(await wholeRun());
    const all = await allEvents(address);
    const answer = await fetch(address, { headers: { 'last-event-id': all.at(-1)!.id } });
    expect(answer.status).toBe(204);
  });

  it('keeps proxies from changing or holding back what it sends', async () => {
    const answer = await fetch(eventsOf(await wholeRun()), { method: 'HEAD' });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
  });

  it('goes on without the curve where its file is lost', async () => {
    const { id } = await service.submit();
    const checkpoint = { uri: 'local/none', sha256: '0'.repeat(64), bytes: 9, rows: 0 };
    await service.project(id, { status: 'completed', done: 100, total: 100, checkpoint });
    expect((await allEvents(eventsOf(id))).map(({ name }) => name)).toEqual(['status', 'progress', 'done']);
  });

  it.each(['7', 'abc', '000000000001-1', '-1'])('refuses "%s", which is the id of no event', async (lastEventId) => {
    const { id } = await service.submit();
    const answer = await service.get(`/v1/backtests/${id}/events?lastEventId=${lastEventId}`);
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors[0].path).toBe('lastEventId');
  });

  it('hides the runs of others', async () => {
    expect((await service.get('/v1/backtests/01990c3e-5a10-7000-8000-00000000000a/events')).statusCode).toBe(404);
  });

  it('refuses more streams than an owner may have, and counts those that ended no longer', async () => {
    const { id } = await service.submit();
    const stop = new AbortController();
    const kept = await Promise.all(Array.from({ length: 20 }, () => fetch(eventsOf(id), { signal: stop.signal })));
    expect(kept.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(await (await fetch(eventsOf(id))).json()).toMatchObject({ status: 429, code: 'too_many_streams' });
    stop.abort();
    await expect.poll(async () => (await fetch(eventsOf(id), { signal: AbortSignal.timeout(1_000) })).status).toBe(200);
  });
});

describe('GET /v1/events', () => {
  it('begins with the runs that are open, and tells what happens to all', async () => {
    const ended = await wholeRun();
    const [a, b] = [await service.submit(), await service.submit()];
    await service.project(b.id, { status: 'running', phase: 'fetch' });
    const snapshot = Promise.withResolvers<void>();
    const watching = watchEvents(`${url}/v1/events`, {
      until: (events) => {
        if (events.length === 2) snapshot.resolve();
        return events.filter(({ name }) => name === 'done').length === 3;
      },
    });
    await snapshot.promise;
    const c = await service.submit();
    for (const { id } of [b, a, c]) await service.project(id, { status: 'cancelled', phase: null });
    const events = await watching;
    expect(events.map(({ data, name }) => [data.runId, name, 'status' in data ? data.status : null])).toEqual([
      [a.id, 'status', 'queued'],
      [b.id, 'status', 'running'],
      [c.id, 'status', 'queued'],
      [b.id, 'done', 'cancelled'],
      [a.id, 'done', 'cancelled'],
      [c.id, 'done', 'cancelled'],
    ]);
    expect(events.map(({ data }) => data.runId)).not.toContain(ended);
    expect(events.map(({ id }) => id)).toEqual([...new Set(events.map(({ id }) => id))].toSorted());
  });

  it('goes on after any id, also with the curves of several runs', async () => {
    await Promise.all([wholeRun(), wholeRun()]);
    const twoDone = { until: (events: readonly ReceivedEvent[]) => events.filter(({ name }) => name === 'done').length === 2 };
    const all = await watchEvents(`${url}/v1/events?lastEventId=000000000000-000000000000`, twoDone);
    const dropping = await watchEvents(`${url}/v1/events?lastEventId=000000000000-000000000000`, { ...twoDone, dropAfter: () => 3 });
    expect(dropping).toEqual(all);
    expect(barsOf(all)).toHaveLength(4_000);
  });

  it('gives a client without any event an id to go on after', async () => {
    const { id } = await service.submit();
    await service.project(id, { status: 'cancelled' });
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const answer = await fetch(`${url}/v1/events`, { signal: stop.signal });
    const text = new TextDecoder();
    let sent = '';
    for await (const bytes of answer.body!) if (/^id: /m.test((sent += text.decode(bytes, { stream: true })))) break;
    const lastEventId = /^id: (.*)$/m.exec(sent)![1]!;
    const { id: missed } = await service.submit();
    expect(await first(`${url}/v1/events`, 1, lastEventId)).toMatchObject([{ name: 'status', data: { runId: missed } }]);
  });
});

describe('the service with open streams', () => {
  it('ends them when it stops, so that clients reconnect', async () => {
    const { id } = await service.submit();
    const streams = [eventsOf(id), `${url}/v1/events`].map((address) => allEvents(address));
    await first(eventsOf(id), 1);
    await first(`${url}/v1/events`, 1);
    await service.app.close();
    for (const events of await Promise.all(streams)) expect(events).toMatchObject([{ name: 'status', data: { status: 'queued' } }]);
  });

  it('asks the rows no more often however many watch', async () => {
    const { id } = await service.submit();
    let asked = 0;
    const { store } = service;
    const rows = { ...store };
    store.changesAfter = (query) => {
      asked++;
      return rows.changesAfter(query);
    };
    const waiting = Array.from({ length: 15 }, () => Promise.withResolvers<void>());
    const second = waiting.map(async ({ resolve }) => {
      for await (const event of connectToEvents(eventsOf(id))) {
        if (event.name === 'status' && event.data.status === 'running') return asked;
        resolve();
      }
      throw new Error('the stream ended');
    });
    await Promise.all(waiting.map(({ promise }) => promise));
    const before = asked;
    await service.project(id, { status: 'running' });
    // One question finds the change; a second may have been under way.
    for (const after of await Promise.all(second)) expect(after - before).toBeLessThanOrEqual(2);
  });

  it('holds nothing for a reader that takes nothing, and it misses nothing', async () => {
    const { id } = await service.submit();
    const { port } = service.app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.pause();
    socket.write(`GET /v1/backtests/${id}/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    const slice = slicesOf(20_000);
    await service.project(id, { status: 'running', phase: 'simulate' });
    for (let i = 0; i < 19; i++) await service.project(id, await slice(1_000));
    await service.project(id, { status: 'completed', phase: null, ...(await slice(1_000)), finishedAt: Date.now() });
    const steady = await watchEvents(eventsOf(id));
    let text = '';
    socket.on('data', (bytes) => (text += bytes));
    socket.resume();
    await once(socket, 'end');
    const ids = [...text.matchAll(/^id: (.*)\nevent: (?!progress)/gm)].map(([, each]) => each);
    expect(ids).toEqual(storyOf(steady).map((event) => event.id));
  });
});
