import { sleep, workflowInfo } from '@temporalio/workflow';
import type { Delivered } from '../activities/deliver.ts';
import { taskQueues } from '../shared/names.ts';
import type { NotifyInput } from '../shared/start.ts';
import { activitiesOn } from './activity-options.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Between two tries: a receiver that restarts hears of it within seconds, and one that is down for the night in the morning. About a day in all. */
const PAUSES = [SECOND, 5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 10 * HOUR];

/** Sends a message to a webhook, again and again for a day. What each try came to stands in the row of the delivery. */
export async function notify({ deliveryId }: NotifyInput): Promise<Delivered> {
  const { notifying } = activitiesOn(taskQueues(workflowInfo().taskQueue));
  for (const pause of PAUSES) {
    const outcome = await notifying.deliver({ deliveryId, isLast: false });
    if (outcome !== 'again') return outcome;
    // From half to one and a half: messages that failed together must not come together again.
    await sleep(pause * (0.5 + Math.random()));
  }
  return notifying.deliver({ deliveryId, isLast: true });
}
