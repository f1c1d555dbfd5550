import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { SweepSpec } from '../../shared/sweep-spec.ts';
import { openArtifactStores } from '../../worker/stores.ts';
import type { BareThread } from './bare-thread.ts';

/** The engine by itself on the trials of a sweep, in memory, on threads: node bare.ts SPEC TRIALS THREADS. Prints the seconds, from the bars to all figures. */

const [text, trials, threads] = process.argv.slice(2);
const spec = SweepSpec.parse(JSON.parse(text!));
const home = mkdtempSync(path.join(tmpdir(), 'holdfast-bare-'));
try {
  const { marketData, datasets } = openArtifactStores(home);
  const dataset = await datasets.read(await marketData.fetch(spec, new AbortController().signal));
  const workerData: BareThread = { spec, dataset, trials: Number(trials), next: new Int32Array(new SharedArrayBuffer(4)) };
  const workers = Array.from({ length: Number(threads) }, () => new Worker(new URL('bare-thread.ts', import.meta.url), { workerData }));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const start = performance.now();
  const answers = workers.map((worker) => once(worker, 'message'));
  for (const worker of workers) worker.postMessage('run');
  await Promise.all(answers);
  process.stdout.write(`${(performance.now() - start) / 1_000}\n`);
  await Promise.all(workers.map((worker) => worker.terminate()));
} finally {
  rmSync(home, { recursive: true, force: true });
}
