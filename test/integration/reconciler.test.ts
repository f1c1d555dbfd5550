import path from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { createSqliteStore } from '../../results/sqlite.ts';
import type { FullRunRow } from '../../results/runs.ts';
import { EMBEDDED_OWNER } from '../../shared/names.ts';
import { BacktestSpec, type BacktestSpecInput } from '../../shared/spec.ts';
import { operatorOf } from '../rig/operator.ts';
import { startService, type Service, type Started } from '../rig/service.ts';
import { durableSlices } from '../rig/slices.ts';
import { longRun, smaCross } from '../rig/specs.ts';

const WITHIN = { timeout: 30_000, interval: 50 };

// Many runs each, on a machine that other tests keep busy.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let service: Service;
let worker: Started;
beforeAll(async () => {
  service = await startService({
    temporalAddress: inject('temporalAddress'),
    env: { HOLDFAST_SLICE_SECONDS: '0.5', HOLDFAST_RECONCILE_SECONDS: '1' },
  });
  worker = await service.startWorker();
});
afterAll(() => service?.[Symbol.asyncDispose]());

describe('a row without a workflow', () => {
  it('gets one when it was accepted and never started', async () => {
    const id = await acceptOnly(smaCross);
    await service.completed(id);
  });

  it('gets a new one from its last checkpoint when Temporal has forgotten the run', async () => {
    const undisturbed = await service.completed((await service.submit(longRun(2))).id);
    const { id } = await service.submit(longRun(2));
    await vi.waitUntil(async () => (await durableSlices(service, id)).length >= 2, WITHIN);
    await worker.kill('SIGKILL');
    const before = await row(id);
    await operatorOf(service).forget(id);
    worker = await service.startWorker();
    expect((await service.completed(id)).manifest.resultHash).toBe(undisturbed.manifest.resultHash);
    expect((await durableSlices(service, id))[0]!.fromBar).toBe(before.durable);
    expect((await row(id)).epoch).toBeGreaterThan(before.epoch);
  });
});

describe('the row of a workflow that ended without a word', () => {
  it('is closed when it was terminated', async () => {
    const { id } = await service.submit(longRun(20));
    await service.until(id, (run) => run.phase === 'simulate');
    await operatorOf(service).handleOf(id).terminate('by an operator');
    const ended = await service.until(id, (run) => run.status === 'failed');
    expect(ended.error).toMatchObject({ code: 'workflow_ended', message: expect.stringContaining('terminated in Temporal') });
  });

  it('is closed when it ran out of time', async () => {
    const spec = BacktestSpec.parse(longRun(20));
    const id = uuidv7();
    await service.temporal.workflow.start('backtest', {
      workflowId: `backtest/${id}`,
      taskQueue: service.taskQueue,
      args: [{ runId: id, owner: EMBEDDED_OWNER, spec, checkpoint: null }],
      workflowRunTimeout: '2s',
    });
    await acceptOnly(longRun(20), id);
    const ended = await service.until(id, (run) => run.status === 'failed');
    expect(ended.error).toMatchObject({ code: 'workflow_ended', message: expect.stringContaining('timed out in Temporal') });
  });
});

describe('a reset', () => {
  it.each([
    ['its beginning', <Point>(points: Point[]) => points[0]!],
    ['the middle of its simulation', <Point>(points: Point[]) => points[Math.floor(points.length / 2)]!],
  ])('of a finished run to %s opens its row, and the same result lands again', async (_, pointOf) => {
    const { id } = await service.submit(longRun(2));
    const first = await service.completed(id);
    const finished = await row(id);
    const operator = operatorOf(service);
    await operator.resetWorkflow(id, pointOf(await operator.resetPoints(id)));
    await vi.waitUntil(async () => (await row(id)).status === 'running', WITHIN);
    expect(await row(id)).toMatchObject({ result: null, finishedAt: null });
    expect((await service.completed(id)).manifest).toEqual({
      ...first.manifest,
      cpuSeconds: expect.any(Number),
      slices: expect.any(Number),
      attempts: expect.any(Number),
    });
    expect((await row(id)).epoch).toBeGreaterThan(finished.epoch);
  });

  it('of a running run goes on to the same result', async () => {
    const undisturbed = await service.completed((await service.submit(longRun(2))).id);
    const { id } = await service.submit(longRun(2));
    await vi.waitUntil(async () => (await durableSlices(service, id)).length >= 3, WITHIN);
    const operator = operatorOf(service);
    const points = await operator.resetPoints(id);
    const before = await row(id);
    await operator.resetWorkflow(id, points[1]!);
    expect((await service.completed(id)).manifest.resultHash).toBe(undisturbed.manifest.resultHash);
    expect((await row(id)).epoch).toBeGreaterThan(before.epoch);
  });

  it('of a run that was terminated brings it back', async () => {
    const { id } = await service.submit(longRun(2));
    await vi.waitUntil(async () => (await durableSlices(service, id)).length >= 2, WITHIN);
    const operator = operatorOf(service);
    await operator.handleOf(id).terminate('by mistake');
    await service.until(id, (run) => run.status === 'failed');
    await operator.resetWorkflow(id, (await operator.resetPoints(id)).at(-1)!);
    await vi.waitUntil(async () => (await row(id)).status === 'completed', WITHIN);
    expect(await row(id)).toMatchObject({ error: null, result: { partial: false } });
  });
});

/** An accepted run whose workflow nobody starts. */
function acceptOnly(spec: BacktestSpecInput, id = uuidv7()): Promise<string> {
  return withStore(async (store) => {
    await store.submit({ id, kind: 'backtest', owner: EMBEDDED_OWNER, spec: BacktestSpec.parse(spec), total: 0, idempotency: null });
    return id;
  });
}

function row(id: string): Promise<FullRunRow> {
  return withStore(async (store) => (await store.get(EMBEDDED_OWNER, id))!);
}

async function withStore<Value>(use: (store: ReturnType<typeof createSqliteStore>) => Promise<Value>): Promise<Value> {
  const store = createSqliteStore({ file: path.join(service.home, 'rows.sqlite'), sync: 'normal' });
  try {
    return await use(store);
  } finally {
    store.close();
  }
}
