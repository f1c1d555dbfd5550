import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Bars } from '../../shared/bars.ts';
import type { Job } from './job.ts';
import type { Figures, Pair } from './work.ts';

/** Pairs that a thread takes at a time: few enough that all end together, many enough that what each call of a sweep prepares is small beside them. */
const SHARD = 64;

export interface SweepThreads {
  sweep(): Promise<Figures>;
  stop(): Promise<void>;
}

/** A job for a thread: what it takes its pairs from, shared by all. */
export interface ThreadData {
  bars: Bars;
  shards: readonly (readonly Pair[])[];
  /** One number: the next shard that nobody has taken. */
  next: Int32Array<SharedArrayBuffer>;
}

/** As many threads as cores, which share the memory of the bars. */
export async function startThreads({ cores, pairs }: Job, bars: Bars): Promise<SweepThreads> {
  const next = new Int32Array(new SharedArrayBuffer(4));
  const shards = Array.from({ length: Math.ceil(pairs.length / SHARD) }, (_, k) => pairs.slice(k * SHARD, (k + 1) * SHARD));
  const workerData: ThreadData = { bars, shards, next };
  const threads = Array.from({ length: cores }, () => new Worker(new URL('sweep-thread.ts', import.meta.url), { workerData }));
  await Promise.all(threads.map((thread) => once(thread, 'message')));
  return {
    async sweep() {
      next[0] = 0;
      const answers = threads.map((thread) => once(thread, 'message'));
      for (const thread of threads) thread.postMessage('run');
      const parts = (await Promise.all(answers)).flatMap(([found]) => found as [number, Figures][]);
      return joined(parts.sort(([a], [b]) => a - b).map(([, figures]) => figures));
    },
    async stop() {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

function joined(parts: readonly Figures[]): Figures {
  return {
    totalReturn: parts.flatMap((part) => part.totalReturn),
    maxDrawdown: parts.flatMap((part) => part.maxDrawdown),
    trades: parts.flatMap((part) => part.trades),
    sharpe: parts.flatMap((part) => part.sharpe),
  };
}
