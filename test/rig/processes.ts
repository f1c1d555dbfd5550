import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** A process of the service, started as an operator would. */
export interface Started {
  readonly process: ChildProcess;
  readonly alive: boolean;
  readonly logFile: string;
  /** Sends a signal that ends the process, and waits for its end. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Stops the process where it is (SIGSTOP): it holds its connections and locks, and says nothing. */
  freeze(): void;
  /** Lets it go on. */
  thaw(): void;
}

export type Ready = (child: ChildProcess) => Promise<unknown>;

export interface ProcessPlan {
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  ipc: boolean;
  /** As whom it runs; as this process without. */
  user?: ProcessUser;
}

export interface ProcessUser {
  uid: number;
  gid: number;
}

/** One of the service's programs. */
export function program(file: string, env: NodeJS.ProcessEnv, logFile: string): ProcessPlan {
  return { command: process.execPath, args: [file], env, logFile, ipc: true };
}

/** Starts a process and waits until it is ready; fails with its log when it ends before. */
export async function startProcess({ command, args, env, logFile, ipc, user }: ProcessPlan, isReady: Ready): Promise<Started> {
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, { ...user, env, stdio: ['ignore', log, log, ...(ipc ? (['ipc'] as const) : [])] });
  closeSync(log);
  const exited = once(child, 'exit');
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  const ready = isReady(child).then(() => true);
  if (!(await Promise.race([ready, exited.then(() => false)]))) {
    throw new Error(`${command} ${args.join(' ')} ended while it started:\n${readFileSync(logFile, 'utf8')}`);
  }
  return {
    process: child,
    logFile,
    get alive() {
      return isAlive();
    },
    async kill(signal) {
      if (!isAlive()) return;
      child.kill(signal);
      // A frozen process would hear of nothing but SIGKILL.
      child.kill('SIGCONT');
      await exited;
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  };
}
