import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { clearShare, createShare, shareColumns } from '../../engine/indicators/column-share.ts';
import { readBars, unseen } from './bars-file.ts';
import type { Answer, Job } from './job.ts';
import { startThreads } from './sweep-threads.ts';
import { figuresOf, runOnce, type Figures } from './work.ts';

/** Holdfast's side of the comparison, with the same interface as `bench/peers/serve.py`: node serve.ts TASK. */

const [task] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const job = JSON.parse((await lines.next()).value as string) as Job;
const bars = readBars(job.file, job.bars);
const threads = task === 'sweep' ? await startThreads(job, bars) : null;
const single = singleRuns();
answer({ ready: true });
while (!(await lines.next()).done) {
  const start = performance.now();
  const cpu = process.cpuUsage();
  const figures = threads === null ? single() : await threads.sweep();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  answer({ seconds, cpuSeconds: (user + system) / 1e6, peakMb: peakMegabytes(), ...figures } satisfies Answer);
}
await threads?.stop();

/** Runs of the first pair: each computes its averages anew, in memory that a dataset has for them in a worker. */
function singleRuns(): () => Figures {
  const share = createShare(3 * bars.close.byteLength);
  return () => {
    const own = unseen(bars);
    clearShare(share);
    shareColumns(share, [own.close]);
    return figuresOf([runOnce(own, job.pairs[0]!).metrics]);
  };
}

function peakMegabytes(): number | null {
  if (!existsSync('/proc/self/status')) return null;
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

function answer(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
