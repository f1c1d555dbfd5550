import type { Backlog } from './backlog.ts';

export interface LivenessOptions {
  /** Silence, and waiting of tasks, after which a worker is taken for stuck. */
  stuckSeconds: number;
  /** How many steps, workflow tasks and heartbeats the server has taken from this process. */
  reports: () => Promise<number>;
  backlog: () => Promise<Backlog[]>;
  now?: () => number;
}

/**
 * Tells a worker that does nothing because there is nothing to do from one that does nothing although tasks wait: polling can stop in
 * ways that leave the process, its connection and its state as they were. Gives the reason why it counts as stuck, or null.
 */
export function createLiveness({
  stuckSeconds,
  reports,
  backlog,
  now = () => performance.now(),
}: LivenessOptions): () => Promise<string | null> {
  let last = { reports: Number.NaN, at: now() };

  return async () => {
    const counted = await reports();
    if (counted !== last.reports) last = { reports: counted, at: now() };
    const silentSeconds = Math.round((now() - last.at) / 1_000);
    if (silentSeconds < stuckSeconds) return null;
    const waiting = (await backlog()).find(({ count, ageSeconds }) => count > 0 && ageSeconds >= stuckSeconds);
    if (waiting === undefined) return null;
    const { queue, kind, count, ageSeconds } = waiting;
    return `It has reported nothing for ${silentSeconds} s, while ${count} ${kind} tasks wait in the queue "${queue}", the first for ${ageSeconds} s`;
  };
}
