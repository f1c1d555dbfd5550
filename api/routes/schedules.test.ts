import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Schedule } from '../../shared/schedule.ts';
import { SPEC, startTestService, type TestService } from '../test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

const NIGHTLY = { name: 'Nightly', cron: '30 2 * * mon-fri', timeZone: 'Europe/Berlin', spec: SPEC };

const create = async (changes: object = {}, headers: Record<string, string> = {}): Promise<Schedule> =>
  (await service.post('/v1/schedules', { ...NIGHTLY, ...changes }, headers)).json();
const faultsOf = async (schedule: object): Promise<string[]> => {
  const answer = await service.post('/v1/schedules', schedule);
  expect(answer.statusCode).toBe(422);
  return answer.json<{ errors: { path: string }[] }>().errors.map(({ path }) => path);
};

describe('a schedule', () => {
  it('is created with all defaults, made in Temporal and shown', async () => {
    const answer = await service.post('/v1/schedules', NIGHTLY);
    const schedule: Schedule = answer.json();
    expect(answer.statusCode).toBe(201);
    expect(answer.headers.location).toBe(`/v1/schedules/${schedule.id}`);
    expect(schedule).toMatchObject({
      ...NIGHTLY,
      overlap: 'skip',
      catchupWindow: '6h',
      pauseOnFailure: false,
      paused: false,
      lastRun: null,
    });
    expect(schedule.spec).toMatchObject({ data: { symbols: ['AAPL'] }, strategy: { params: { fast: 10, slow: 30 } } });
    expect(service.orchestrator.calls).toContain(`apply schedule ${schedule.id}`);
    expect((await service.get(schedule.links.self)).json()).toEqual(schedule);
    const { items } = (await service.get('/v1/schedules?limit=1')).json<{ items: Schedule[] }>();
    expect(items).toEqual([schedule]);
  });

  it('keeps the window and the universe of its spec as they were written', async () => {
    const data = { source: 'sample', universe: 'most-traded', from: 'end-5y', to: 'end' };
    const { spec } = await create({ spec: { data, strategy: { name: 'equal-weight' } } });
    expect(spec['data']).toMatchObject({ ...data, symbols: [] });
  });

  it('is created once for one key, and refused for another payload', async () => {
    const key = { 'idempotency-key': 'nightly-1' };
    const first = await create({}, key);
    const again = await service.post('/v1/schedules', NIGHTLY, key);
    expect(again.json<Schedule>().id).toBe(first.id);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await service.post('/v1/schedules', { ...NIGHTLY, name: 'Other' }, key)).json()).toMatchObject({ code: 'key_reused' });
  });

  it('is changed in part, and another way to say when takes the place of the one before', async () => {
    const { id } = await create();
    const change = (body: object) => service.call('PATCH', `/v1/schedules/${id}`, { payload: body });
    expect((await change({ name: 'Later', overlap: 'buffer-one' })).json()).toMatchObject({
      name: 'Later',
      cron: NIGHTLY.cron,
      overlap: 'buffer-one',
    });
    const weekly = (await change({ calendar: [{ hour: 4, dayOfWeek: ['mon', { from: 'wed', to: 'fri' }] }] })).json<Schedule>();
    expect(weekly).not.toHaveProperty('cron');
    expect(weekly.calendar).toEqual([{ second: 0, minute: 0, hour: 4, dayOfWeek: ['mon', { from: 'wed', to: 'fri' }] }]);
    expect((await change({ cron: 'every day' })).statusCode).toBe(422);
    expect((await service.call('PATCH', `/v1/schedules/${uuidv7()}`, { payload: {} })).statusCode).toBe(404);
    const paused = await change({ paused: true });
    expect([paused.statusCode, paused.json().errors]).toMatchObject([
      422,
      [{ path: 'paused', message: expect.stringContaining('/pause') }],
    ]);
  });

  it('is deleted, in Temporal as well', async () => {
    const { id } = await create();
    expect((await service.call('DELETE', `/v1/schedules/${id}`)).statusCode).toBe(204);
    expect(service.orchestrator.calls).toContain(`remove schedule ${id}`);
    expect((await service.call('DELETE', `/v1/schedules/${id}`)).statusCode).toBe(404);
  });

  it('lists its nights, and none at first', async () => {
    const { links } = await create();
    expect((await service.get(links.runs)).json()).toEqual({ items: [], nextCursor: null });
    expect((await service.get(`/v1/schedules/${uuidv7()}/runs`)).statusCode).toBe(404);
  });
});

describe('what is wrong with a schedule', () => {
  it('is said all at once, in its timing and in its spec', async () => {
    const spec = { data: { source: 'sample', symbols: ['AAPLE'], from: 'now-5y' }, strategy: { name: 'sma-cros' } };
    const paths = await faultsOf({ cron: '61 2 * *', timeZone: 'Berlin', jitter: 'some', spec });
    expect(paths.toSorted()).toEqual(['cron', 'jitter', 'spec.data.symbols.0', 'spec.strategy.name', 'timeZone']);
  });

  it('may be between its fields', async () => {
    const both = { ...NIGHTLY, calendar: [{ hour: 2 }], startAt: '2026-02-01T00:00:00Z', endAt: '2026-01-01T00:00:00Z' };
    expect(await faultsOf(both)).toEqual(['cron', 'endAt']);
    expect(await faultsOf({ spec: SPEC })).toEqual(['cron']);
    expect(await faultsOf({ cron: '0 2 * * *' })).toEqual(['spec']);
  });

  it.each([
    '0 24 * * *',
    '60 * * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
    '5-1 * * * *',
    '*/0 * * * *',
    '* * * * * *',
    'mon * * * *',
    '1,,2 * * * *',
  ])('the cron line %s is', async (cron) => {
    expect(await faultsOf({ ...NIGHTLY, cron })).toEqual(['cron']);
  });

  it.each(['0 2 * * *', '*/5 0-6,22 1,15 jan-mar sun', '0 2 29 2 *', '10-50/20 * * * 7'])('the cron line %s is not', async (cron) => {
    expect((await create({ cron })).cron).toBe(cron);
  });

  it('is that nobody knows where its bars end', async () => {
    const data = { source: 'nowhere', symbols: ['X'], from: 'end-1y' };
    expect(await faultsOf({ ...NIGHTLY, spec: { ...SPEC, data } })).toEqual(['spec.data.from', 'spec.data.source']);
  });
});

describe('what is asked of a schedule', () => {
  it('reaches Temporal, once for one key under one request id', async () => {
    const { id, links } = await create();
    const asked = () => service.orchestrator.calls.filter((call) => call.startsWith(`trigger schedule ${id}`));
    const key = { 'idempotency-key': 'k' };
    for (const _ of [1, 2]) expect((await service.post(`${links.self}/trigger`, undefined, key)).statusCode).toBe(202);
    expect(new Set(asked()).size).toBe(1);
    await service.post(`${links.self}/trigger`);
    expect(new Set(asked()).size).toBe(2);
    expect((await service.post(`${links.self}/backfill`, { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' })).statusCode).toBe(
      422,
    );
    expect((await service.post(`${links.self}/pause`, { note: 'holidays' })).json()).toMatchObject({ paused: true });
    expect((await service.post(`${links.self}/resume`)).json()).toMatchObject({ paused: false });
  });

  it('is refused while Temporal is away, which reads are not', async () => {
    const { links } = await create();
    service.orchestrator.state.knownAway = true;
    try {
      for (const call of ['trigger', 'pause', 'resume']) expect((await service.post(`${links.self}/${call}`)).statusCode).toBe(503);
      expect((await service.post('/v1/schedules', NIGHTLY)).statusCode).toBe(503);
      expect((await service.get(links.self)).json()).toMatchObject({ paused: null, nextRuns: [], skipped: null });
    } finally {
      service.orchestrator.state.knownAway = false;
    }
  });

  it('while it is not made in Temporal yet, it is made by whoever comes next', async () => {
    service.orchestrator.state.away = true;
    const schedule = await create();
    service.orchestrator.state.away = false;
    expect(schedule.paused).toBeNull();
    expect(await service.store.unappliedSchedules(Date.now() + 1, 10)).toMatchObject([{ id: schedule.id }]);
    await service.call('PATCH', schedule.links.self, { payload: {} });
    expect(await service.store.unappliedSchedules(Date.now() + 1, 10)).toEqual([]);
  });
});
