import { setTimeout as delay } from 'node:timers/promises';
import { Context, heartbeat } from '@temporalio/activity';

/** Well below the heartbeat timeout; the SDK passes on at most four a second, and brings back what was asked of the run. */
const BEAT_MS = 125;

/** Waits for work that goes on elsewhere (a thread, the network) and heartbeats meanwhile, with what `details` says at that time. */
export async function heartbeatWhile<Value>(work: Promise<Value>, details: () => unknown): Promise<Value> {
  // The server does not know of local activities.
  if (Context.current().info.isLocal) return work;
  const timer = setInterval(() => heartbeat(details()), BEAT_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

/** For a step that ends just then, since it is nearly done. */
const LEAVING_MS = 1_000;

/**
 * Waits for work that may be left in the middle no longer than until its worker is to end: a call that hangs would keep the process until its
 * grace time is over. `instead` gives the result then, or throws.
 */
export function untilLeaving<Value>(work: Promise<Value>, instead: (cancelled: unknown) => Value): Promise<Value> {
  const left = Context.current().cancelled.catch(async (cancelled: unknown) => {
    await delay(LEAVING_MS);
    return instead(cancelled);
  });
  return Promise.race([work, left]);
}
