import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { HoldfastError } from '../shared/errors.ts';
import type { Death, FromProcess, Outcome, ToProcess } from './protocol.ts';
import { createWatchdog } from './watchdog.ts';

const MAIN = path.join(import.meta.dirname, 'process-main.ts');
const MB = 2 ** 20;
/** What Node says on stderr when it dies is short and comes last. */
const KEPT_STDERR = 4_000;

export interface ConfinedOptions {
  /** The module that a thread of the process loads; it calls `serveJob`. */
  threadFile: URL;
  /** JSON for those threads. */
  threadData: unknown;
  /** Of the process beside its bars, in MB. */
  memoryMb: number;
  /** Longest call of a module's code, in milliseconds. */
  stallMs: number;
}

interface JobOptions {
  /** Asks the job to come to an end; it still has an outcome. */
  signal?: AbortSignal;
  /** Hears how many bars are done, about ten times a second. */
  progress?: (done: number) => void;
  /** Memory for data that the job is allowed beside its own, in bytes. */
  dataBytes?: number;
}

/** A process that runs one module's job at a time. After a death it is of no more use. */
export interface ConfinedProcess {
  readonly ended: boolean;
  readonly pid: number | undefined;
  /** Fails with the job's own error, or with `module_crashed`, `module_out_of_memory` or `module_stalled`. */
  run(job: unknown, options?: JobOptions): Promise<unknown>;
  close(): Promise<void>;
}

export function startConfinedProcess({ threadFile, threadData, memoryMb, stallMs }: ConfinedOptions): ConfinedProcess {
  const child = startChild([threadFile.href, String(memoryMb), JSON.stringify(threadData)]);
  const exited = endOf(child);
  const stderr = keepStderr(child);
  let ended = false;
  let death: { code: Death; message: string } | null = null;
  void exited.then(() => (ended = true));

  function kill(code: Death, message: string): void {
    death ??= { code, message };
    child.kill('SIGKILL');
  }

  async function run(job: unknown, { signal, progress, dataBytes = 0 }: JobOptions = {}): Promise<unknown> {
    const watchdog = createWatchdog({ memoryBytes: memoryMb * MB + dataBytes, stallMs, kill });
    const stop = (): void => tell(child, { type: 'stop' });
    const outcome = Promise.withResolvers<Outcome>();
    const listen = (message: FromProcess): void => {
      if (message.type === 'outcome') outcome.resolve(message.outcome);
      else if (message.type === 'death') death ??= message;
      else {
        watchdog.beat(message);
        progress?.(message.done);
      }
    };
    child.on('message', listen);
    tell(child, { type: 'job', job });
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    const died = exited.then((end) => failureOf(end, death ?? causeOf(end, stderr.text())));
    try {
      return valueOf(await Promise.race([outcome.promise, died]));
    } finally {
      watchdog.end();
      child.off('message', listen);
      signal?.removeEventListener('abort', stop);
    }
  }

  return {
    get ended() {
      return ended;
    },
    pid: child.pid,
    run,
    async close() {
      // It ends by itself when the channel closes, and at once.
      if (child.connected) child.disconnect();
      if (child.pid !== undefined) await exited;
    },
  };
}

/** In a process group of its own, so that a module that signals its group does not reach the worker; and without the service's secrets. */
function startChild(args: readonly string[]): ChildProcess {
  const { PATH, TZ, LANG } = process.env;
  const env = { ...(PATH && { PATH }), ...(TZ && { TZ }), ...(LANG && { LANG }) };
  return fork(MAIN, args, { env, execArgv: [], detached: true, stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
}

/** A message to a process that has just gone is lost, which its exit will tell. */
function tell(child: ChildProcess, message: ToProcess): void {
  if (child.connected) child.send(message, () => undefined);
}

function keepStderr(child: ChildProcess): { text(): string } {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => (tail = (tail + part).slice(-KEPT_STDERR)));
  child.stderr?.pipe(process.stderr, { end: false });
  return { text: () => tail };
}

interface End {
  status: number | null;
  signal: NodeJS.Signals | null;
  /** Why there never was a process. */
  notStarted: string | null;
}

async function endOf(child: ChildProcess): Promise<End> {
  try {
    const [status, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return { status, signal, notStarted: null };
  } catch (error) {
    return { status: null, signal: null, notStarted: error instanceof Error ? error.message : String(error) };
  }
}

function causeOf({ status, signal }: End, stderr: string): { code: Death; message: string } {
  const isMemory = /heap out of memory|Fatal process out of memory|Allocation failed/i.test(stderr);
  if (isMemory) return { code: 'module_out_of_memory', message: 'its heap was full' };
  return { code: 'module_crashed', message: signal === null ? `it ended with status ${status}` : `it was ended by ${signal}` };
}

const ADVICE: Readonly<Record<Death, string>> = {
  module_crashed: 'Look for what ends a process in it, or for a native library that fails.',
  module_out_of_memory: 'Keep less in it, or raise HOLDFAST_MODULE_MEMORY_MB.',
  module_stalled: 'Look for a loop without an end, or raise HOLDFAST_MODULE_STALL_SECONDS.',
};

function failureOf({ notStarted }: End, { code, message }: { code: Death; message: string }): Outcome {
  if (notStarted !== null) return { error: { code: 'internal', message: `No process for a module: ${notStarted}`, faults: [] } };
  return { error: { code, message: `The module's process died: ${message}. ${ADVICE[code]}`, faults: [] } };
}

function valueOf(outcome: Outcome): unknown {
  if ('value' in outcome) return outcome.value;
  const { code, message, faults } = outcome.error;
  throw new HoldfastError(code, message, { faults });
}
