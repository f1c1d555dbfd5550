import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { freePort } from '../../local/ports.ts';
import { shownExpressions } from '../rig/alerting.ts';
import { metricsOf, readPromQl } from '../rig/promql.ts';
import { startService, type Service, type Started } from '../rig/service.ts';
import { longRun, smaCross } from '../rig/specs.ts';

// Four processes start and work: a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const LOOPBACK = '127.0.0.1';
const ROLES = ['control', 'fetch', 'simulate'] as const;
const SECRET = 'a-token-that-must-not-be-logged';

let service: Service;
let simulator: Started;
let ports: Record<'api' | (typeof ROLES)[number], number>;

const read = async (of: keyof typeof ports, page: string): Promise<{ status: number; text: string }> => {
  const answer = await fetch(`http://${LOOPBACK}:${ports[of]}${page}`);
  return { status: answer.status, text: await answer.text() };
};
const scrape = async (of: keyof typeof ports): Promise<string> => (await read(of, '/metrics')).text;

const startRole = (role: (typeof ROLES)[number]): Promise<Started> =>
  service.startWorker({ HOLDFAST_ROLE: role, HOLDFAST_MONITOR_PORT: String(ports[role]) });

/** The sum of all samples of a metric, or of those with a label. */
function valueOf(text: string, name: string, label = ''): number {
  const samples = text.split('\n').filter((line) => line.startsWith(name) && /[ {]/.test(line[name.length] ?? '') && line.includes(label));
  return samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await delay(100);
}

beforeAll(async () => {
  const free = await Promise.all(Array.from({ length: 4 }, () => freePort(LOOPBACK)));
  ports = { api: free[0]!, control: free[1]!, fetch: free[2]!, simulate: free[3]! };
  service = await startService({
    temporalAddress: inject('temporalAddress'),
    env: { HOLDFAST_MONITOR_PORT: String(ports.api), HOLDFAST_SLICE_SECONDS: '0.3', LOG_LEVEL: 'info', API_TOKEN: SECRET },
  });
  [, , simulator] = await Promise.all([startRole('control'), startRole('fetch'), startRole('simulate')]);
});
afterAll(() => service[Symbol.asyncDispose]());

it('workers of one role each do a run together, and their figures say what was done', async () => {
  const { id } = await service.submit(longRun(1.5));
  await service.completed(id);
  const { body: run } = await service.get<{ progress: { total: number } }>(`/v1/backtests/${id}`);
  const [api, control, fetched, simulate] = await Promise.all((['api', ...ROLES] as const).map(scrape));
  expect(valueOf(simulate!, 'holdfast_bars_total')).toBe(run.progress.total);
  expect(valueOf(simulate!, 'holdfast_checkpoints_total')).toBe(valueOf(simulate!, 'holdfast_slices_total'));
  expect(valueOf(fetched!, 'holdfast_step_seconds_count', 'step="fetchBars"')).toBe(1);
  expect(valueOf(fetched!, 'holdfast_queue_wait_seconds_count')).toBe(1);
  expect(valueOf(control!, 'holdfast_dataset_lookups_total', 'outcome="miss"')).toBeGreaterThan(0);
  expect(valueOf(api!, 'holdfast_accepted_total', 'route="/v1/backtests"')).toBe(1);
  // Each does its own part only.
  expect(valueOf(control!, 'holdfast_step_seconds_count', 'step="simulate"')).toBe(0);
  expect(valueOf(simulate!, 'holdfast_step_seconds_count', 'step="fetchBars"')).toBe(0);

  await service.completed((await service.submit({ ...longRun(1.5), name: 'the same bars' })).id);
  expect(valueOf(await scrape('control'), 'holdfast_dataset_lookups_total', 'outcome="hit"')).toBeGreaterThan(0);
});

it('everything that alerts and dashboard ask for is in a scrape', async () => {
  // Failures have a metric of their own only once there was one: a workflow type that nobody knows fails its task.
  await service.temporal.workflow.start('unknown', { taskQueue: service.taskQueue, workflowId: `unknown/${service.taskQueue}` });
  await until(async () => (await scrape('control')).includes('temporal_workflow_task_execution_failed'));
  await service.temporal.workflow.getHandle(`unknown/${service.taskQueue}`).terminate();
  const all = await Promise.all((['api', ...ROLES] as const).map(scrape));
  const known = metricsOf(all.join('\n'));
  const asked = new Set(shownExpressions().flatMap((expression) => readPromQl(expression).metrics));
  expect(asked.size).toBeGreaterThan(20);
  // Prometheus makes this one itself, of each scrape.
  expect([...asked].filter((name) => name !== 'up' && !known.has(name))).toEqual([]);
});

it('is ready while it gets ahead, and alive in any case', async () => {
  for (const process of ['api', ...ROLES] as const) {
    expect(await read(process, '/readyz')).toEqual({ status: 200, text: '{"status":"ready","reasons":[]}' });
    expect((await read(process, '/healthz')).status).toBe(200);
    expect((await read(process, '/v1/backtests')).status).toBe(404);
  }
});

it('counts what waits in a queue that nobody serves any more', async () => {
  const waiting = async (): Promise<number> => valueOf(await scrape('control'), 'holdfast_queue_backlog', `${service.taskQueue}-simulate"`);
  await simulator.kill('SIGTERM');
  const { id } = await service.submit(longRun(1.5, 8));
  await until(async () => (await waiting()) === 1);
  // It is none of its own queues.
  expect((await read('control', '/readyz')).status).toBe(200);
  simulator = await startRole('simulate');
  await service.completed(id);
  await until(async () => (await waiting()) === 0);
});

it('logs one JSON object a line, with the ids of request and run and no secret', async () => {
  const { body } = await service.post<{ id: string }>('/v1/backtests', smaCross, { 'x-request-id': 'the-request' });
  await service.completed(body.id);
  const files = readdirSync(service.home).filter((name) => name.endsWith('.log'));
  const logs = files.map((name) => readFileSync(path.join(service.home, name), 'utf8'));
  expect(logs.join('')).not.toContain(SECRET);
  const lines = logs.join('').split('\n').filter(Boolean);
  const parsed = lines.map((line) => JSON.parse(line) as { msg: string; run?: string; reqId?: string; worker?: string });
  expect(parsed.find(({ msg, run }) => msg === 'accepted' && run === body.id)?.reqId).toBe('the-request');
});
