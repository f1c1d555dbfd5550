import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalError } from './local-error.ts';

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 10_000;
/** After this long without an accident the next one counts as the first. */
const STABLE_MS = 60_000;
/** Ends in a row before the child was ever ready: then something is wrong that another start does not mend. */
const HOPELESS_STARTS = 3;

export interface ChildPlan {
  name: string;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** Opens an IPC channel: a child that listens for `disconnect` then sees when this process vanishes. */
  ipc: boolean;
  /** Niceness (0 is normal, 19 the lowest priority). */
  niceness: number;
  /** Resolves when this start of the child can do its work; `signal` aborts when it has ended or is to end. */
  ready: (child: ChildProcess, signal: AbortSignal) => Promise<void>;
  /** How long it may take after SIGTERM. */
  stopWithinMs: number;
}

export interface SupervisedChild {
  /** Resolves at the first readiness; rejects when the child cannot be brought up. */
  ready: Promise<void>;
  /** SIGTERM, then SIGKILL; resolves when it is gone. Nothing is started again after this. */
  stop(): Promise<void>;
}

export interface ChildEvents {
  say: (line: string) => void;
  started: (pid: number) => void;
}

/** Keeps a child process running: starts it, and starts it again with a growing pause whenever it ends by itself. */
export function superviseChild(plan: ChildPlan, events: ChildEvents): SupervisedChild {
  const stopping = new AbortController();
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => {}); // Whoever waits is told; a stop before that is no accident.
  let current: ChildProcess | null = null;
  let wasReady = false;

  /** One life of the child; resolves to how it ended. */
  async function live(): Promise<string> {
    const child = launch(plan);
    current = child;
    const ended = new AbortController();
    const end = endOf(child).finally(() => ended.abort());
    if (child.pid !== undefined) events.started(child.pid);
    void plan.ready(child, AbortSignal.any([ended.signal, stopping.signal])).then(
      () => {
        if (wasReady) events.say(`${plan.name} is back.`);
        wasReady = true;
        ready.resolve();
      },
      (error: unknown) => {
        if (ended.signal.aborted || stopping.signal.aborted) return;
        // It runs but never gets ready: ended here, it is started again.
        events.say(`${plan.name} does not get ready: ${messageOf(error)}`);
        child.kill('SIGTERM');
      },
    );
    return end;
  }

  async function keepAlive(): Promise<void> {
    let accidents = 0;
    while (!stopping.signal.aborted) {
      const begun = Date.now();
      const how = await live();
      if (stopping.signal.aborted) return;
      accidents = Date.now() - begun > STABLE_MS ? 1 : accidents + 1;
      if (!wasReady && accidents >= HOPELESS_STARTS) {
        return ready.reject(
          new LocalError(`${plan.name} ${how}, ${accidents} times in a row. It wrote (${plan.logFile}):\n${lastLines(plan.logFile)}`),
        );
      }
      const pause = Math.min(FIRST_BACKOFF_MS * 2 ** (accidents - 1), LONGEST_BACKOFF_MS);
      events.say(`${plan.name} ${how}; starting it again in ${pause / 1000} s (log: ${plan.logFile}).`);
      await delay(pause, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  const over = keepAlive();
  return {
    ready: ready.promise,
    async stop() {
      stopping.abort();
      ready.reject(new LocalError(`${plan.name} was stopped before it was ready`));
      current?.kill('SIGTERM');
      const killer = setTimeout(() => killGroup(current), plan.stopWithinMs);
      await over;
      clearTimeout(killer);
    },
  };
}

/** In a process group of its own, so that Ctrl-C in the terminal reaches only the supervisor, which then stops its children in order. */
function launch(plan: ChildPlan): ChildProcess {
  const log = openSync(plan.logFile, 'a');
  const child = spawn(plan.command, plan.args, {
    env: plan.env,
    detached: true,
    stdio: plan.ipc ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
  });
  closeSync(log);
  if (child.pid !== undefined && plan.niceness > 0) setPriority(child.pid, plan.niceness);
  return child;
}

/** With the processes that the child itself started. */
function killGroup(child: ChildProcess | null): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}

async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return signal === null ? `ended with status ${code}` : `was ended by ${signal}`;
  } catch (error) {
    return `could not be started: ${messageOf(error)}`;
  }
}

function lastLines(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines
    .slice(-15)
    .map((line) => `  ${line}`)
    .join('\n');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
