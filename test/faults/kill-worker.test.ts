import { expect, inject, it, onTestFinished } from 'vitest';
import type { SliceResult } from '../../activities/jobs/simulate-slice.ts';
import { startService, type Service } from '../rig/service.ts';
import { longRun } from '../rig/specs.ts';

it('gives the bytes of an undisturbed run when the worker is killed with -9 in the middle', { timeout: 120_000 }, async () => {
  const service = await startService({ temporalAddress: inject('temporalAddress'), env: { HOLDFAST_SLICE_SECONDS: '1' } });
  onTestFinished(() => service[Symbol.asyncDispose]());
  const worker = await service.startWorker();
  const undisturbed = await service.completed((await service.submit(longRun(5))).id);

  const run = await service.submit(longRun(5));
  await service.until(run.id, () => isSimulatingBehindACheckpoint(service, run.id));
  await worker.kill('SIGKILL');
  await service.startWorker();
  const result = await service.completed(run.id);

  expect(result.manifest.resultHash).toBe(undisturbed.manifest.resultHash);
  expect(result.metrics).toEqual(undisturbed.metrics);
  const retried = (await durableSlices(service, run.id)).filter(({ attempt }) => attempt >= 2);
  expect(retried).toHaveLength(1);
  expect(retried[0]!.fromBar).toBeGreaterThan(0);
});

/** A slice is under way, and there are stored ones to go on from. */
async function isSimulatingBehindACheckpoint(service: Service, runId: string): Promise<boolean> {
  const { raw } = await service.temporal.workflow.getHandle(`backtest/${runId}`).describe();
  const started = raw.pendingActivities?.some(({ lastStartedTime }) => lastStartedTime) ?? false;
  return started && (await durableSlices(service, runId)).length >= 2;
}

/** The slices that Temporal's history has recorded as done, with the attempt that did them. */
async function durableSlices(service: Service, runId: string): Promise<(SliceResult & { attempt: number })[]> {
  const { events } = await service.temporal.workflow.getHandle(`backtest/${runId}`).fetchHistory();
  const attempts = new Map(events?.map((event) => [String(event.eventId), event.activityTaskStartedEventAttributes?.attempt]));
  return (events ?? []).flatMap((event) => {
    const completed = event.activityTaskCompletedEventAttributes;
    const payload = completed?.result?.payloads?.[0]?.data;
    if (!completed || !payload) return [];
    const result = JSON.parse(new TextDecoder().decode(payload)) as Partial<SliceResult>;
    if (result.fromBar === undefined) return [];
    return [{ ...(result as SliceResult), attempt: attempts.get(String(completed.startedEventId)) ?? 0 }];
  });
}
