import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Run } from '../../shared/run.ts';
import { operatorOf } from '../rig/operator.ts';
import { startService, type Service } from '../rig/service.ts';
import { longRun } from '../rig/specs.ts';

/** temporal/api/enums/v1/workflow.proto, PendingActivityState */
const PAUSED = 4;

// Many runs each, on a machine that other tests keep busy.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let service: Service;
let reference: string;
beforeAll(async () => {
  service = await startService({ temporalAddress: inject('temporalAddress'), env: { HOLDFAST_SLICE_SECONDS: '1' } });
  await service.startWorker();
  reference = (await service.completed((await service.submit(longRun(3, 18))).id)).manifest.resultHash;
});
afterAll(() => service?.[Symbol.asyncDispose]());

/** Submits a run and waits until a slice of it is under way. */
async function simulating(): Promise<string> {
  const { id } = await service.submit(longRun(3, 18));
  await service.until(
    id,
    async ({ progress }) => progress.done > 0 && Boolean((await operatorOf(service).pendingActivity(id))?.lastStartedTime),
  );
  return id;
}

describe("an operator's pause of the activity", () => {
  it('stops the slice and is shown with its reason; the run goes on from there after the unpause', async () => {
    const operator = operatorOf(service);
    const id = await simulating();
    await service.until(id, async () => {
      // Between two slices there is nothing to pause, and a slice that is just ending escapes.
      await operator.pauseActivity(id, 'the machine is needed').catch(() => undefined);
      return (await operator.pendingActivity(id))?.state === PAUSED;
    });
    const shown = await service.until(id, (run) => run.operator !== null);
    expect(shown).toMatchObject({
      status: 'running',
      operator: { paused: true, step: 'simulate', by: 'operator', reason: 'the machine is needed' },
    });
    await operator.unpauseActivity(id);
    await service.until(id, (run) => run.operator === null);
    expect((await service.completed(id)).manifest.resultHash).toBe(reference);
  });

  it('gives way to a cancel of the run', async () => {
    const operator = operatorOf(service);
    const id = await simulating();
    await service.until(id, async () => {
      await operator.pauseActivity(id, 'the machine is needed').catch(() => undefined);
      return (await operator.pendingActivity(id))?.state === PAUSED;
    });
    await service.post(`/v1/backtests/${id}/cancel`);
    await service.until(id, (run) => run.status === 'cancelled');
    expect((await service.get<{ partial: boolean }>(`/v1/backtests/${id}/result`)).body.partial).toBe(true);
  });
});

describe("an operator's requeue", () => {
  it('goes on with a run that was cancelled, from its last checkpoint; one that is completed stays as it is', async () => {
    const id = await simulating();
    await service.post(`/v1/backtests/${id}/cancel`);
    const cancelled = await service.until(id, (run) => run.status === 'cancelled');
    expect(cancelled.progress.done).toBeGreaterThan(0);
    expect((await service.post(`/v1/admin/backtests/${id}/requeue`)).status).toBe(202);
    // The row stays as it was until the new workflow has begun.
    await expect.poll(async () => (await service.get<Run>(`/v1/backtests/${id}`)).body.status, { timeout: 60_000 }).not.toBe('cancelled');
    expect((await service.completed(id)).manifest.resultHash).toBe(reference);
    expect(await service.post(`/v1/admin/backtests/${id}/requeue`)).toMatchObject({ status: 409, body: { code: 'already_finished' } });
  });

  it('ends a workflow that is stuck, and has the run done by a new one', async () => {
    const operator = operatorOf(service);
    const id = await simulating();
    const before = (await operator.handleOf(id).describe()).runId;
    expect((await service.post(`/v1/admin/backtests/${id}/requeue`)).status).toBe(202);
    expect((await service.completed(id)).manifest.resultHash).toBe(reference);
    const after = await operator.handleOf(id).describe();
    expect(after.runId).not.toBe(before);
    expect((await service.temporal.workflow.getHandle(after.workflowId, before).describe()).status.name).toBe('TERMINATED');
  });
});

it("an operator's reset of the activity starts the slice again from where it was, and loses nothing", async () => {
  const operator = operatorOf(service);
  const id = await simulating();
  await operator.resetActivity(id);
  expect((await service.completed(id)).manifest.resultHash).toBe(reference);
});
