import { setTimeout as delay } from 'node:timers/promises';
import type { SliceResult } from '../../activities/jobs/simulate-slice.ts';
import type { Service, Started } from './service.ts';

/** temporal/api/enums/v1/workflow.proto, PendingActivityState */
const STARTED = 2;

/** The slices that Temporal's history has recorded as done, with the attempt that did them. */
export async function durableSlices(service: Service, runId: string): Promise<(SliceResult & { attempt: number })[]> {
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

/**
 * Freezes a worker while a slice of the run is under way and `atLeast` others are stored. It is frozen for each look, so that the slice
 * cannot end between the look and what comes next.
 */
export async function freezeMidSlice(service: Service, worker: Started, runId: string, atLeast = 2): Promise<void> {
  for (;;) {
    worker.freeze();
    if ((await durableSlices(service, runId)).length >= atLeast && (await workerOf(service, runId)) !== null) return;
    worker.thaw();
    await delay(100);
  }
}

/** As {@link freezeMidSlice}, and then kills it with -9. */
export async function killMidSlice(service: Service, worker: Started, runId: string, atLeast = 2): Promise<void> {
  await freezeMidSlice(service, worker, runId, atLeast);
  await worker.kill('SIGKILL');
}

/** Waits until the run has simulated at least this fraction of its bars. */
export async function reached(service: Service, runId: string, fraction: number): Promise<void> {
  await service.until(runId, ({ progress, phase }) => phase === 'simulate' && progress.done > 0 && progress.fraction >= fraction);
}

/** The process that has begun the run's activity, as far as the server knows; null between two activities. */
export async function workerOf(service: Service, runId: string): Promise<number | null> {
  const { raw } = await service.temporal.workflow.getHandle(`backtest/${runId}`).describe();
  const identity = raw.pendingActivities?.find(({ state }) => state === STARTED)?.lastWorkerIdentity;
  return identity ? Number(identity.split(':').at(-1)) : null;
}
