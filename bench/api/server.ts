import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../local/ports.ts';

export const HOST = '127.0.0.1';
const API = path.resolve(import.meta.dirname, '../../api/main.ts');

export interface Server {
  url: string;
  port: number;
  pid: number;
  stop(): Promise<void>;
}

/** A folder for rows and files; removed by whoever asked for it. */
export function newHome(): { home: string; file: string; remove: () => void } {
  const home = mkdtempSync(path.join(tmpdir(), 'holdfast-bench-'));
  mkdirSync(path.join(home, 'artifacts'));
  return { home, file: path.join(home, 'rows.sqlite'), remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** The API on the rows of a folder. It has no Temporal, which reads do not need. */
export function startApi(home: string, cores?: string): Promise<Server> {
  return start([API], { HOLDFAST_HOME: home, TEMPORAL_ADDRESS: `${HOST}:1`, LOG_LEVEL: 'warn', HOLDFAST_OVERLOAD_MS: '60000' }, cores);
}

/** A program that listens on PORT and answers /healthz; on one core where one is named. */
export async function start(program: string[], settings: Record<string, string>, cores?: string): Promise<Server> {
  const port = await freePort(HOST);
  const url = `http://${HOST}:${port}`;
  const command = [...(cores === undefined ? [] : ['taskset', '-c', cores]), process.execPath, ...program];
  const env = { ...process.env, ...settings, PORT: String(port) };
  const child = spawn(command[0]!, command.slice(1), { env, stdio: ['ignore', 'inherit', 'inherit'] });
  while (!(await fetch(`${url}/healthz`).catch(() => null))?.ok) {
    if (child.exitCode !== null) throw new Error('the server ended while it started');
    await delay(50);
  }
  return {
    url,
    port,
    pid: child.pid!,
    async stop() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
