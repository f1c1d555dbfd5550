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
