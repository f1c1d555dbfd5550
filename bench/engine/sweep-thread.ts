import { parentPort, workerData } from 'node:worker_threads';
import { unseen } from './bars-file.ts';
import type { ThreadData } from './sweep-threads.ts';
import { sweep, type Figures } from './work.ts';

const { bars, shards, next } = workerData as ThreadData;
const port = parentPort!;

port.on('message', () => {
  const own = unseen(bars);
  const found: [number, Figures][] = [];
  for (let shard = Atomics.add(next, 0, 1); shard < shards.length; shard = Atomics.add(next, 0, 1)) {
    found.push([shard, sweep(own, shards[shard]!)]);
  }
  port.postMessage(found);
});
port.postMessage('ready');
