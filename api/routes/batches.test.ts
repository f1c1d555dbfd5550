import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Batch } from '../../shared/batch.ts';
import { SPEC, startTestService, type TestService } from '../test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

const submit = async (items: object[]): Promise<Batch> => (await service.post('/v1/batches', { items })).json();

it('accepts a batch as a whole, starts its workflow and shows it with its items', async () => {
  const answer = await service.post('/v1/batches', { name: 'Two', items: [SPEC, { ...SPEC, name: 'second' }] });
  const batch: Batch = answer.json();
  expect(answer.statusCode).toBe(202);
  expect(answer.headers.location).toBe(`/v1/batches/${batch.id}`);
  expect(batch).toMatchObject({ name: 'Two', status: 'queued', items: { queued: 2 }, progress: { done: 0, total: 2, unit: 'items' } });
  expect(service.orchestrator.calls).toContain(`start batch ${batch.id}`);
  expect((await service.get(batch.links.self)).json()).toEqual(batch);
  const { items } = (await service.get(`${batch.links.items}?sort=createdAt`)).json<{ items: { name: string; batch: string }[] }>();
  expect(items).toMatchObject([{ batch: batch.id }, { batch: batch.id, name: 'second' }]);
  const filtered = (await service.get(`/v1/backtests?batch=${batch.id}`)).json<{ items: unknown[] }>();
  expect(filtered.items).toHaveLength(2);
});

it('refuses a batch with every fault of every item, and accepts nothing of it', async () => {
  const before = (await service.get('/v1/backtests')).json<{ items: unknown[] }>().items.length;
  const wrong = { ...SPEC, strategy: { name: 'sma-cros' } };
  const answer = await service.post('/v1/batches', { items: [SPEC, wrong, { data: SPEC.data }] });
  expect(answer.statusCode).toBe(422);
  const { errors } = answer.json<{ errors: { path: string }[] }>();
  expect(errors.map(({ path }) => path)).toEqual(['items.1.strategy.name', 'items.2.strategy']);
  expect((await service.get('/v1/backtests')).json<{ items: unknown[] }>().items).toHaveLength(before);
});

it('takes 1 to 2,000 items', async () => {
  expect((await service.post('/v1/batches', { items: [] })).statusCode).toBe(422);
  const many = await service.post('/v1/batches', { items: Array.from({ length: 2_001 }, () => SPEC) });
  expect(many.json()).toMatchObject({ status: 422, errors: [{ path: 'items' }] });
});

it('records what is asked of it, once, and steers no item alone', async () => {
  const batch = await submit([SPEC]);
  const first = await service.post(`${batch.links.self}/pause`);
  expect(first.json()).toMatchObject({ requested: 'pause' });
  expect((await service.post(`${batch.links.self}/pause`)).statusCode).toBe(202);
  const { items } = (await service.get(batch.links.items)).json<{ items: { id: string }[] }>();
  const refused = await service.post(`/v1/backtests/${items[0]!.id}/cancel`);
  expect(refused.json()).toMatchObject({ status: 409, code: 'part_of_batch' });
  await service.store.projectBatch({ batchId: batch.id, epoch: 1, sequence: 1, change: { status: 'completed', finishedAt: 1 } });
  expect((await service.post(`${batch.links.self}/cancel`)).json()).toMatchObject({ status: 409, code: 'already_finished' });
  expect((await service.get(`/v1/batches/${items[0]!.id}`)).statusCode).toBe(404);
});
