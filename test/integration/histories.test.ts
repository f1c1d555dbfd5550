import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Run } from '../../shared/run.ts';
import { operatorOf } from '../rig/operator.ts';
import { startService, type Service, type Started } from '../rig/service.ts';
import { longRun, smaCross } from '../rig/specs.ts';

interface History {
  events: { eventType: string }[];
}

let service: Service;
let worker: Started;
beforeAll(async () => {
  service = await startService({ temporalAddress: inject('temporalAddress'), env: { HOLDFAST_RECONCILE_SECONDS: '1' } });
  worker = await service.startWorker({ HOLDFAST_HISTORY_MB: '1' });
});
afterAll(() => service?.[Symbol.asyncDispose]());

const historyOf = (id: string, kind = 'backtests') => service.get<History>(`/v1/${kind}/${id}/history`);

async function keptHistory(id: string, kind?: string): Promise<History> {
  for (;;) {
    const { status, body } = await historyOf(id, kind);
    if (status === 200) return body;
    expect(status).toBe(404);
    await delay(50);
  }
}

const [FIRST, LAST] = ['EVENT_TYPE_WORKFLOW_EXECUTION_STARTED', 'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED'];

it('keeps the history of a run that has ended, for when Temporal has forgotten it', async () => {
  const { id } = await service.submit(smaCross);
  await service.completed(id);
  const { events } = await keptHistory(id);
  expect([events[0]?.eventType, events.at(-1)?.eventType]).toEqual([FIRST, LAST]);
  await operatorOf(service).forget(id);
  expect((await historyOf(id)).body.events).toEqual(events);
});

it('keeps that of a run that was cancelled, and of a sweep', async () => {
  const { id } = await service.submit(longRun(20));
  await service.until(id, ({ status }) => status === 'running');
  expect((await historyOf(id)).status).toBe(404);
  await service.post(`/v1/backtests/${id}/cancel`);
  expect((await keptHistory(id)).events.at(-1)?.eventType).toBe('EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED');

  const { data, strategy } = smaCross;
  const sweep = { data, strategy: { name: strategy.name }, space: { fast: { values: [5, 10] }, slow: { values: [20, 30] } } };
  const { body } = await service.post<Run>('/v1/sweeps', sweep);
  expect((await keptHistory(body.id, 'sweeps')).events.at(-1)?.eventType).toBe(LAST);
});

it('keeps no more than it may of a long one, and none by default', async () => {
  await worker.kill('SIGTERM');
  worker = await service.startWorker({ HOLDFAST_HISTORY_MB: '0.005' });
  const { id } = await service.submit(smaCross);
  await service.completed(id);
  const { events } = await keptHistory(id);
  expect(JSON.stringify({ events }).length).toBeLessThan(0.005 * 2 ** 20);
  expect(events[0]?.eventType).toBe(FIRST);
  expect(events.at(-1)?.eventType).not.toBe(LAST);

  await worker.kill('SIGTERM');
  worker = await service.startWorker();
  const other = await service.submit(smaCross);
  await service.completed(other.id);
  // The reconciler has come by since.
  const passes = async () => (await service.temporal.schedule.getHandle(`reconcile/${service.taskQueue}`).describe()).info.numActionsTaken;
  const before = await passes();
  await expect.poll(passes, { timeout: 20_000 }).toBeGreaterThan(before + 2);
  expect((await historyOf(other.id)).status).toBe(404);
});
