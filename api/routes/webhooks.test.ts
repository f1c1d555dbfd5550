import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

const URL = 'https://example.com/hook';
const make = async (body: object = {}) => (await service.post('/v1/webhooks', { url: URL, ...body })).json();

describe('webhooks', () => {
  it('are made with a secret that is shown once, and changed and removed', async () => {
    const { secret, ...webhook } = await make({ statuses: ['failed'] });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const address = `/v1/webhooks/${webhook.id}`;
    expect((await service.get(address)).json()).toEqual(webhook);
    expect((await service.get('/v1/webhooks')).body).not.toContain('whsec_');
    const changed = (await service.call('PATCH', address, { payload: { url: `${URL}/2`, statuses: ['completed', 'completed'] } })).json();
    expect(changed).toEqual({ ...webhook, url: `${URL}/2`, statuses: ['completed'] });
    const rotated = (await service.post(`${address}/rotate`)).json();
    expect(rotated.secret).not.toBe(secret);
    expect(await service.store.getWebhook('local', webhook.id)).toMatchObject({ secret: rotated.secret, earlierSecret: { secret } });
    expect((await service.call('DELETE', address)).statusCode).toBe(204);
    expect((await service.get(address)).statusCode).toBe(404);
  });

  it('that were disabled are enabled by their owner', async () => {
    const { id } = await make();
    await service.store.updateWebhook('local', id, { disabled: { at: 1, reason: 'it answered 410' } });
    expect((await service.get(`/v1/webhooks/${id}`)).json().disabled).toEqual({
      at: '1970-01-01T00:00:00.001Z',
      reason: 'it answered 410',
    });
    expect((await service.call('PATCH', `/v1/webhooks/${id}`, { payload: { enabled: true } })).json().disabled).toBeNull();
  });

  it.each([
    'http://example.com/hook',
    'https://127.0.0.1/hook',
    'https://2130706433/',
    'https://[::1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://user:password@example.com/',
    'ftp://example.com/',
    'javascript:alert(1)',
    '//example.com',
    '',
  ])('are not made for %s', async (url) => {
    expect((await service.post('/v1/webhooks', { url })).json()).toMatchObject({
      status: 422,
      code: 'invalid_request',
      errors: [{ path: 'url' }],
    });
  });

  it('are twenty at most', async () => {
    const { items } = (await service.get('/v1/webhooks')).json();
    for (let k = items.length; k < 20; k++) await make();
    expect(await make()).toMatchObject({ status: 409, code: 'too_many_of_a_kind' });
  });
});

describe('deliveries', () => {
  it('are listed with what came of them, and one can be asked for as a test', async () => {
    const { id } = (await service.get('/v1/webhooks')).json().items[0];
    const run = await service.submit();
    await service.project(run.id, { status: 'completed', phase: null, finishedAt: 1 });
    const made = await service.post(`/v1/webhooks/${id}/test`);
    expect(made.statusCode).toBe(202);
    expect(made.json()).toMatchObject({ type: 'test', subject: null, status: 'queued', attempts: 0 });
    expect(service.orchestrator.calls.at(-1)).toBe(`notify ${made.json().id}`);
    expect((await service.get(`/v1/webhooks/${id}/deliveries`)).json().items).toMatchObject([
      made.json(),
      { type: 'backtest.completed', subject: run.id, status: 'queued' },
    ]);
  });

  it('wait in the rows while Temporal is away', async () => {
    const { id } = (await service.get('/v1/webhooks')).json().items[0];
    service.orchestrator.state.away = true;
    const made = await service.post(`/v1/webhooks/${id}/test`);
    service.orchestrator.state.away = false;
    expect(made.statusCode).toBe(202);
    expect((await service.store.queuedDeliveries(1_000)).map((delivery) => delivery.id)).toContain(made.json().id);
  });
});
