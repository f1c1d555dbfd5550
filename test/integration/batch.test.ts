import path from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Batch } from '../../shared/batch.ts';
import { hashOf, itemsOf, shortRuns, submitBatch, untilBatch } from '../rig/batches.ts';
import { startService, type Service } from '../rig/service.ts';
import { operatorOf } from '../rig/operator.ts';
import { longRun, smaCross } from '../rig/specs.ts';

const MODULES = path.resolve(import.meta.dirname, '../fixtures/modules');

let service: Service;
beforeAll(async () => {
  service = await startService({
    temporalAddress: inject('temporalAddress'),
    env: { HOLDFAST_SLICE_SECONDS: '0.5', HOLDFAST_RECONCILE_SECONDS: '1', HOLDFAST_MODULES: MODULES },
  });
  await service.startWorker();
});
afterAll(() => service?.[Symbol.asyncDispose]());

it('gives each item the bytes of a run of its own, short or long, and lets one that fails fail alone', { timeout: 120_000 }, async () => {
  const failing = { ...smaCross, strategy: { name: 'throws' } };
  const specs = [...shortRuns(60), longRun(1, 21), { ...smaCross, account: { cash: 500 } }, failing];
  const batch = await submitBatch(service, specs);
  expect(batch.items['queued']).toBe(specs.length);
  const done = await untilBatch(service, batch.id, ({ status }) => status === 'completed');
  expect(done.progress).toMatchObject({ done: specs.length, fraction: 1 });
  expect(done.items).toMatchObject({ completed: specs.length - 1, failed: 1 });
  const items = await itemsOf(service, batch.id);
  expect(items.at(-1)!.error?.code).toBe('strategy_failed');
  expect(items.map(({ batch: of }) => of)).toEqual(specs.map(() => batch.id));
  for (const k of [0, 37, 60, 61]) {
    const alone = await service.completed((await service.submit(specs[k]!)).id);
    expect(await hashOf(service, items[k]!.id), `item ${k}`).toBe(alone.manifest.resultHash);
  }
});

it('accepts a batch once for one Idempotency-Key', async () => {
  const key = { 'idempotency-key': 'batch-1' };
  const first = await submitBatch(service, shortRuns(3), key);
  expect((await submitBatch(service, shortRuns(3), key)).id).toBe(first.id);
  await untilBatch(service, first.id, ({ status }) => status === 'completed');
});

it('is paused, resumed and cancelled as a whole; what was done is kept', { timeout: 120_000 }, async () => {
  const batch = await submitBatch(service, [...shortRuns(10), longRun(20, 22), longRun(20, 23)]);
  const [first, ...others] = await itemsOf(service, batch.id);
  const refused = await service.post(`/v1/backtests/${first!.id}/pause`);
  expect(refused).toMatchObject({ status: 409, body: { code: 'part_of_batch' } });
  await untilBatch(service, batch.id, ({ items }) => items['completed'] === 10 && items['running'] === 2);
  await service.post(`/v1/batches/${batch.id}/pause`);
  await untilBatch(service, batch.id, ({ status, items }) => status === 'paused' && items['paused'] === 2);
  await service.post(`/v1/batches/${batch.id}/resume`);
  await untilBatch(service, batch.id, ({ status, items }) => status === 'running' && items['running'] === 2);
  await service.until(others.at(-1)!.id, ({ progress }) => progress.done > 0);
  expect((await service.post(`/v1/batches/${batch.id}/cancel`)).status).toBe(202);
  const ended = await untilBatch(service, batch.id, ({ status }) => status === 'cancelled');
  expect(ended.items).toMatchObject({ completed: 10, cancelled: 2, running: 0 });
  const { body } = await service.get<{ partial: boolean }>(`/v1/backtests/${others.at(-1)!.id}/result`);
  expect(body.partial).toBe(true);
});

it.each(['running', 'terminated'])('does what is left when an operator resets it while it is %s', { timeout: 120_000 }, async (state) => {
  const batch = await submitBatch(service, [longRun(3, 25), ...shortRuns(2)]);
  await untilBatch(service, batch.id, ({ items }) => items['completed'] === 2 && items['running'] === 1);
  const operator = operatorOf(service, 'batch');
  if (state === 'terminated') {
    await operator.handleOf(batch.id).terminate('by mistake');
    await untilBatch(service, batch.id, ({ status }) => status === 'failed');
  }
  const points = await operator.resetPoints(batch.id);
  await operator.resetWorkflow(batch.id, points[0]!);
  await operator.handleOf(batch.id).result();
  const { body: done } = await service.get<Batch>(`/v1/batches/${batch.id}`);
  expect(done).toMatchObject({ status: 'completed', error: null, items: { completed: 3 } });
});

it('closes its row and those of its items when an operator terminates it', async () => {
  const batch = await submitBatch(service, [longRun(20, 24), ...shortRuns(2)]);
  await untilBatch(service, batch.id, ({ items }) => items['completed'] === 2);
  await service.temporal.workflow.getHandle(`batch/${batch.id}`).terminate('by an operator');
  const ended = await untilBatch(service, batch.id, ({ status }) => status === 'failed');
  expect(ended.error?.code).toBe('workflow_ended');
  expect(ended.items).toMatchObject({ completed: 2, failed: 1 });
});
