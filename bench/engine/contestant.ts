import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Answer, Job } from './job.ts';

/** An engine and the process that runs it. */
export interface Engine {
  name: string;
  command: readonly [string, ...string[]];
  env?: NodeJS.ProcessEnv;
}

export interface Contestant {
  /** Seconds from the start of the process to its first result. */
  readonly freshSeconds: number;
  readonly first: Answer;
  run(): Promise<Answer>;
  stop(): Promise<void>;
}

/** Where there is no taskset the processes run on any core. */
export const canPin = spawnSync('taskset', ['--version']).status === 0;

/** The command on the first `cores` cores only. */
export function pinned([program, ...args]: readonly [string, ...string[]], cores: number): [string, string[]] {
  const list = Array.from({ length: cores }, (_, core) => core).join(',');
  return canPin ? ['taskset', ['-c', list, program, ...args]] : [program, args];
}

/** Starts an engine's process and has it run once. It ends when its standard input does, so that none is left behind. */
export async function startContestant({ name, command, env }: Engine, job: Job): Promise<Contestant> {
  const start = performance.now();
  const [program, args] = pinned(command, job.cores);
  const child = spawn(program, args, { env: environment(job.cores, env), stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const next = answersOf(child, name);
  child.stdin.write(`${JSON.stringify(job)}\n`);
  await next();
  const run = async () => {
    child.stdin.write('run\n');
    return (await next()) as Answer;
  };
  const first = await run();
  return {
    freshSeconds: (performance.now() - start) / 1000,
    first,
    run,
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}

function answersOf(child: ChildProcess, name: string): () => Promise<unknown> {
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  let complaint = '';
  child.stderr!.on('data', (text: Buffer) => (complaint = `${complaint}${text.toString()}`.slice(-2000)));
  return async () => {
    const line = await lines.next();
    if (line.done) throw new Error(`${name} ended without an answer. It wrote:\n${complaint}`);
    return JSON.parse(line.value) as unknown;
  };
}

/** Threads as asked for, and none of the settings of a machine that slow numpy down. */
function environment(cores: number, env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const threads = Object.fromEntries(['NUMBA', 'OPENBLAS', 'OMP', 'RAYON'].map((name) => [`${name}_NUM_THREADS`, String(cores)]));
  return { ...process.env, ...threads, OPENBLAS_CORETYPE: undefined, OPENBLAS_L2_SIZE: undefined, ...env };
}
