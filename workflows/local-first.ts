import { ApplicationFailure, TimeoutFailure, proxyActivities, proxyLocalActivities, type ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';

/** Tries before a local activity becomes an ordinary one. */
const LOCAL_TRIES = 3;

type Step = (...args: unknown[]) => Promise<unknown>;

/**
 * Local activities, since an ordinary one costs about 15 ms. But the server hears of them only when they have ended: one that failed a few
 * times goes on as an ordinary one, whose tries and last reason it tells to operators and to the row (`stalled`).
 */
export function localFirst<Name extends keyof Activities>(options: ActivityOptions & { retry: object }): Pick<Activities, Name> {
  const local = proxyLocalActivities<Record<string, Step>>({ ...options, retry: { ...options.retry, maximumAttempts: LOCAL_TRIES } });
  const ordinary = proxyActivities<Record<string, Step>>(options);
  const stepOf =
    (name: string): Step =>
    async (...args) => {
      try {
        return await local[name]!(...args);
      } catch (error) {
        if (!mayPass(error)) throw error;
        return ordinary[name]!(...args);
      }
    };
  return new Proxy({} as Pick<Activities, Name>, { get: (_, name) => stepOf(String(name)) });
}

/** Whether it was given up only for the number of its tries. */
function mayPass(error: unknown): boolean {
  return error instanceof TimeoutFailure || (error instanceof ApplicationFailure && error.nonRetryable !== true);
}
