import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../local/ports.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const LOOPBACK = '127.0.0.1';

export interface BenchStack {
  url: string;
  temporalAddress: string;
  /** The process above all others of the stack. */
  pid: number;
  /** The process that runs under this name now; it is started again when it dies. */
  pidOf(name: string): number;
  /** A worker beside that of the stack; resolves when it is ready. */
  startWorker(): Promise<ChildProcess>;
  /** Resident memory of each process, in MB. */
  memory(): Record<string, number>;
  /** What lies on the disk, in MB. */
  stored(): Record<string, number>;
  /** The same in bytes; of databases what is in use, with the write-ahead log. */
  storedBytes(): Record<'rows' | 'artifacts' | 'temporal', number>;
  stop(): Promise<void>;
}

/** The embedded stack as `npm start` runs it, on free ports and in a folder of its own. */
export async function startBenchStack(settings: Record<string, string> = {}): Promise<BenchStack> {
  const home = mkdtempSync(path.join(tmpdir(), 'holdfast-bench-'));
  const [PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT] = [await freePort(LOOPBACK), await freePort(LOOPBACK), await freePort(LOOPBACK)];
  const env = {
    ...process.env,
    HOLDFAST_HOME: home,
    PORT: String(PORT),
    TEMPORAL_PORT: String(TEMPORAL_PORT),
    TEMPORAL_UI_PORT: String(TEMPORAL_UI_PORT),
    ...settings,
  };
  const child = spawn(process.execPath, [path.join(ROOT, 'local/main.ts')], { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = once(child, 'exit');
  // Whoever ends a benchmark half-way ends its stack, too.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      child.kill('SIGTERM');
      process.exit(1);
    });
  }
  const url = `http://${LOOPBACK}:${PORT}`;
  while (!(await fetch(`${url}/readyz`).catch(() => null))?.ok) {
    if (child.exitCode !== null) throw new Error('the stack ended while it started');
    await delay(100);
  }
  // The first start submits an example.
  await delay(3_000);
  const pids = (): Record<string, { pid: number }> =>
    (JSON.parse(readFileSync(path.join(home, 'stack.json'), 'utf8')) as { children: Record<string, { pid: number }> }).children;
  return {
    url,
    temporalAddress: `${LOOPBACK}:${TEMPORAL_PORT}`,
    pid: child.pid!,
    pidOf: (name) => pids()[name]!.pid,
    async startWorker() {
      const own = { ...env, TEMPORAL_ADDRESS: `${LOOPBACK}:${TEMPORAL_PORT}` };
      const worker = spawn(process.execPath, [path.join(ROOT, 'worker/main.ts')], {
        env: own,
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      await once(worker, 'message');
      return worker;
    },
    memory: () => Object.fromEntries(Object.entries(pids()).map(([name, { pid }]) => [name, residentMegabytes(pid)])),
    stored: () => ({
      rows: megabytesOf(path.join(home, 'rows.sqlite')),
      artifacts: megabytesOf(path.join(home, 'artifacts')),
      temporal: megabytesOf(path.join(home, 'temporal.sqlite')),
    }),
    storedBytes: () => ({
      rows: databaseBytes(path.join(home, 'rows.sqlite')),
      artifacts: bytesOf(path.join(home, 'artifacts')),
      temporal: databaseBytes(path.join(home, 'temporal.sqlite')),
    }),
    async stop() {
      child.kill('SIGTERM');
      await exited;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function megabytesOf(at: string): number {
  return Math.round(bytesOf(at) / 2 ** 20);
}

/** Of a file, or of all files below a folder. */
function bytesOf(at: string): number {
  const info = statSync(at);
  if (!info.isDirectory()) return info.size;
  const files = readdirSync(at, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce(
    (bytes, { parentPath, name }) => bytes + (statSync(path.join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

function databaseBytes(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  const { bytes } = db.prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size').get() as {
    bytes: number;
  };
  db.close();
  return bytes;
}

/** Processor time of a process so far, of all its threads. */
export function cpuSecondsOf(pid: number): number {
  // The name of the program, in brackets, may hold spaces. Fields 14 and 15 of proc(5), in hundredths.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export function residentMegabytes(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
