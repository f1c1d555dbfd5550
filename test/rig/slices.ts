import { setTimeout as delay } from 'node:timers/promises';
import type { SliceResult } from '../../activities/jobs/simulate-slice.ts';
import type { Service, Started } from './service.ts';

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
 * Kills a worker with -9 while a slice of the run is under way and two or more are stored. The worker is frozen for each look, so that the
 * slice cannot end between the look and the kill.
 */
export async function killMidSlice(service: Service, worker: Started, runId: string): Promise<void> {
  for (;;) {
    worker.process.kill('SIGSTOP');
    if ((await durableSlices(service, runId)).length >= 2 && (await isSliceUnderWay(service, runId))) break;
    worker.process.kill('SIGCONT');
    await delay(100);
  }
  await worker.kill('SIGKILL');
}

async function isSliceUnderWay(service: Service, runId: string): Promise<boolean> {
  const { raw } = await service.temporal.workflow.getHandle(`backtest/${runId}`).describe();
  return raw.pendingActivities?.some(({ lastStartedTime }) => lastStartedTime) ?? false;
}
