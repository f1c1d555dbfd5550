import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { clearShare, createShare } from '../../engine/indicators/column-share.ts';
import type { Bars } from '../../shared/bars.ts';
import type { Job } from './job.ts';
import type { Figures, Pair } from './work.ts';

/** Room for the averages of all windows, and the extremes of the closes, on so many bars. */
const COLUMNS = 80;

export interface SweepThreads {
  sweep(): Promise<Figures>;
  stop(): Promise<void>;
}

/** A job for a thread: what it takes its pairs from, and where it keeps columns, shared by all. */
export interface ThreadData {
  bars: Bars;
  pairs: readonly Pair[];
  cores: number;
  /** One number: the first pair that nobody has taken. */
  next: Int32Array<SharedArrayBuffer>;
  share: SharedArrayBuffer;
}

/** As many threads as cores, which share the memory of the bars and of what is derived from them. Nothing is kept from one sweep to the next. */
export async function startThreads({ cores, pairs }: Job, bars: Bars): Promise<SweepThreads> {
  const next = new Int32Array(new SharedArrayBuffer(4));
  const share = createShare(COLUMNS * bars.close.byteLength);
  const workerData: ThreadData = { bars, pairs, cores, next, share };
  const threads = Array.from({ length: cores }, () => new Worker(new URL('sweep-thread.ts', import.meta.url), { workerData }));
  await Promise.all(threads.map((thread) => once(thread, 'message')));
  return {
    async sweep() {
      next[0] = 0;
      clearShare(share);
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
