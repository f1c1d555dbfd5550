import { writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { CONTROL } from '../shared/slice-control.ts';
import { BEAT_MS, type FromProcess, type FromThread, type ThreadData, type ToProcess, type ToThread } from './protocol.ts';

/**
 * A process in which modules run. Its main thread never runs a module's code: it passes on the stop flag, tells how things are, and ends the
 * process when its parent has gone, whatever the module is doing. Each job has a thread of its own, so nothing that a module keeps outside of its
 * state reaches the next one; the thread stands ready before the job comes.
 */
const [threadFile, memoryMb, own] = process.argv.slice(2);
const control = new Int32Array(new SharedArrayBuffer(4 * Object.keys(CONTROL).length));
let kept: unknown = null;
let thread = startThread();
let beats: NodeJS.Timeout | undefined;

function startThread(): Worker {
  const workerData: ThreadData<unknown> = { control, own: JSON.parse(own!) };
  const worker = new Worker(new URL(threadFile!), { workerData, resourceLimits: { maxOldGenerationSizeMb: Number(memoryMb) } });
  worker.once('message', (answer: FromThread) => finish(worker, answer));
  worker.once('error', (error: NodeJS.ErrnoException) => {
    if (worker !== thread) return;
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') die('module_out_of_memory', 'its heap was full');
    else if (control[CONTROL.pulse] === 0) fail(error);
    else die('module_crashed', `uncaught ${error.name}: ${error.message}`);
  });
  worker.once('exit', (status) => {
    if (worker === thread) die('module_crashed', `it called process.exit(${status})`);
  });
  return worker;
}

function begin(job: unknown): void {
  control.fill(0);
  thread.postMessage({ job, kept } satisfies ToThread);
  kept = null;
  beats = setInterval(beat, BEAT_MS);
  beat();
}

function beat(): void {
  const [, done, pulse] = control;
  send({ type: 'beat', done: done!, pulse: pulse!, rss: process.memoryUsage.rss() });
}

function finish(worker: Worker, answer: FromThread): void {
  clearInterval(beats);
  control.fill(0);
  ({ kept } = answer);
  // The old thread may still run what the module left behind; the next one starts beside it.
  thread = startThread();
  void worker.terminate();
  send({ type: 'outcome', outcome: answer.outcome });
}

/** A thread that failed before it came to the module's code is this program's own fault. */
function fail(error: Error): void {
  const message = `A thread for a module could not be used: ${error.message}`;
  send({ type: 'outcome', outcome: { error: { code: 'internal', message, faults: [] } } }, () => process.exit(1));
}

function die(code: 'module_crashed' | 'module_out_of_memory', message: string): void {
  send({ type: 'death', code, message }, () => process.exit(1));
}

function send(message: FromProcess, sent: () => void = () => undefined): void {
  process.send?.(message, undefined, undefined, sent);
}

/** Where the kernel runs out of memory it is to end this process, and not the worker. Linux only. */
function volunteerToDie(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    return;
  }
}

volunteerToDie();
// A Ctrl-C reaches every process of a terminal; the parent decides what to do about it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message: ToProcess) => {
  if (message.type === 'job') begin(message.job);
  else Atomics.store(control, CONTROL.stop, 1);
});
