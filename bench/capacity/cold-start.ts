import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { COMPILED } from '../../local/config.ts';
import { freePort } from '../../local/ports.ts';
import { timed } from '../durability/measure.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const LOOPBACK = '127.0.0.1';

/** Milliseconds from the start of a process until it does its work: the API answers that it is ready, the worker polls its queues. */
export async function coldStarts(temporalAddress: string): Promise<{ api: number; worker: number }> {
  const home = mkdtempSync(path.join(tmpdir(), 'holdfast-cold-'));
  const port = await freePort(LOOPBACK);
  const env = {
    NODE_COMPILE_CACHE: COMPILED,
    ...process.env,
    HOLDFAST_HOME: home,
    HOLDFAST_TASK_QUEUE: 'cold',
    TEMPORAL_ADDRESS: temporalAddress,
    PORT: String(port),
    LOG_LEVEL: 'error',
    HOLDFAST_PAGE: 'off',
  };
  const measure = async (file: string, ready: (child: ReturnType<typeof spawn>) => Promise<unknown>): Promise<number> => {
    const child = spawn(process.execPath, [path.join(ROOT, file)], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const ms = await timed(() => ready(child));
    child.kill('SIGTERM');
    await once(child, 'exit');
    return ms;
  };
  const api = await measure('api/main.ts', async () => {
    while (!(await fetch(`http://${LOOPBACK}:${port}/readyz`).catch(() => null))?.ok) await delay(5);
  });
  const worker = await measure('worker/main.ts', (child) => once(child, 'message'));
  rmSync(home, { recursive: true, force: true });
  return { api, worker };
}
