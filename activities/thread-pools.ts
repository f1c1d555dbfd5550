import { Piscina } from 'piscina';
import { HoldfastError } from '../shared/errors.ts';
import type { JobOutcome } from './job-outcome.ts';
import type { Jobs } from './jobs/jobs.ts';

export interface ThreadPools {
  /** Runs a job on a thread of the pool that fits it. An abort ends the thread, whatever it is doing. */
  run<Name extends keyof Jobs>(name: Name, job: Parameters<Jobs[Name]>[0], signal?: AbortSignal): Promise<Awaited<ReturnType<Jobs[Name]>>>;
  close(): Promise<void>;
}

export interface ThreadPoolOptions {
  /** The module a thread loads; it exports each job under its name. */
  threadFile: URL;
  threadData: unknown;
  /** Slices simulated at the same time: as many as there are cores. */
  slots: number;
}

/** Threads for short jobs, beside those for slices. */
export function shortThreads(slots: number): number {
  return Math.max(1, Math.ceil(slots / 2));
}

/**
 * Three pools, because nobody's job must wait behind a slice of ten seconds or a sweep of hours: one for slices, one for loading, fetching and aggregating, one for
 * trials. A short run takes a thread of one of the first two. Threads are kept once they are started: those for trials with the first sweep, the others ahead of
 * the first job.
 */
export function createThreadPools({ threadFile, threadData, slots }: ThreadPoolOptions): ThreadPools {
  const pool = (threads: number, { ahead = threads, tasksAThread = 1 } = {}) => ({
    busy: 0,
    threads,
    piscina: new Piscina({
      filename: threadFile.href,
      workerData: threadData,
      minThreads: ahead,
      maxThreads: threads,
      concurrentTasksPerWorker: tasksAThread,
      idleTimeout: Infinity,
    }),
  });
  const slices = pool(slots);
  const short = pool(shortThreads(slots));
  // While one shard of trials waits for the disk, its thread goes on with the next.
  const trials = pool(slots, { ahead: 0, tasksAThread: 2 });
  const poolFor = (name: keyof Jobs) => {
    if (name === 'simulateSlice' || name === 'runShard') return slices;
    if (name === 'runTrials' || name === 'validateTrials') return trials;
    const isFull = short.busy >= short.threads;
    return name === 'runAtOnce' && isFull && slices.busy < slices.threads ? slices : short;
  };
  return {
    async run(name, job, signal) {
      const chosen = poolFor(name);
      chosen.busy += 1;
      try {
        const outcome: JobOutcome = await chosen.piscina.run(job, signal ? { name, signal } : { name });
        if (outcome.error) throw new HoldfastError(outcome.error.code, outcome.error.message, { faults: outcome.error.faults });
        return outcome.value as never;
      } finally {
        chosen.busy -= 1;
      }
    },
    close: async () => {
      await Promise.all([slices, short, trials].map(({ piscina }) => piscina.destroy()));
    },
  };
}
