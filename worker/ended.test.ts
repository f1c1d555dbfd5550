import type { WorkerStatus } from '@temporalio/worker';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ended } from './ended.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function workerWith(status: Partial<WorkerStatus>) {
  return { getStatus: () => ({ numInFlightActivities: 0, numInFlightWorkflowActivations: 0, ...status }) as WorkerStatus };
}

it('waits for a step that is under way, however long it takes to store where it is', async () => {
  const warn = vi.fn<(busy: object[]) => void>();
  const over = vi.fn<(itself: boolean) => void>();
  const { promise: running, resolve: stop } = Promise.withResolvers<void>();
  void ended([workerWith({}), workerWith({ numInFlightActivities: 1 })], running, warn).then(over);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(over).not.toHaveBeenCalled();
  expect(warn.mock.calls).toEqual([[[expect.objectContaining({ numInFlightActivities: 1 })]]]);
  stop();
  await vi.advanceTimersByTimeAsync(0);
  expect(over).toHaveBeenCalledWith(true);
});

it('leaves when the SDK waits on though nothing is in hand', async () => {
  const left = ended([workerWith({})], new Promise(() => undefined), () => undefined);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await left).toBe(false);
});
