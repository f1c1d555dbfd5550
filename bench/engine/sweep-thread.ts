import { parentPort, workerData } from 'node:worker_threads';
import { shareColumns } from '../../engine/indicators/column-share.ts';
import { unseen } from './bars-file.ts';
import type { ThreadData } from './sweep-threads.ts';
import { prepareSweep, type Figures } from './work.ts';

const { bars, pairs, cores, next, share } = workerData as ThreadData;
const port = parentPort!;

port.on('message', () => {
  const own = unseen(bars);
  shareColumns(share, [own.close]);
  const sweep = prepareSweep(own);
  const found: [number, Figures][] = [];
  for (let part = take(); part.from < pairs.length; part = take()) found.push([part.from, sweep(pairs.slice(part.from, part.to))]);
  port.postMessage(found);
});
port.postMessage('ready');

/** Fewest pairs that are taken at a time. */
const FEWEST = 16;

/** A part of the pairs that nobody has taken: large at first, since trials that go through the bars together share what they read, and small at last, so that all threads end together. */
function take(): { from: number; to: number } {
  for (;;) {
    const from = Atomics.load(next, 0);
    const to = Math.min(pairs.length, from + Math.max(FEWEST, Math.ceil((pairs.length - from) / (2 * cores))));
    if (from >= pairs.length || Atomics.compareExchange(next, 0, from, to) === from) return { from, to };
  }
}
