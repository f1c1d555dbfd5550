import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { freePort } from '../../local/ports.ts';
import { findTemporalCli } from '../../local/temporal-cli.ts';
import { LOOPBACK, temporalReady, temporalServerArgs } from '../../local/temporal-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** `host:port` of the Temporal server of this run: `inject('temporalAddress')`. Give each test a task queue of its own. */
    temporalAddress: string;
  }
}

const STARTED_WITHIN_MS = 30_000;

/** One Temporal server in memory for the whole run, on a free port; the one of TEMPORAL_ADDRESS when that is set. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.TEMPORAL_ADDRESS;
  if (given) {
    project.provide('temporalAddress', given);
    return undefined;
  }
  const cacheFolder = path.resolve(import.meta.dirname, '../../.holdfast/cache');
  const cli = await findTemporalCli({ env: process.env, cacheFolder, say: (line) => process.stderr.write(`${line}\n`) });
  const port = await freePort(LOOPBACK);
  const args = temporalServerArgs({ port, uiPort: null, databaseFile: null, sync: 'normal' });
  const server = spawn(cli, args, { stdio: 'ignore' });
  const address = `${LOOPBACK}:${port}`;
  const ended = new AbortController();
  server.once('exit', (code) => ended.abort(new Error(`${cli} ended with status ${code} while it started`)));
  try {
    await temporalReady(
      { connection: { address }, namespace: 'default' },
      AbortSignal.any([ended.signal, AbortSignal.timeout(STARTED_WITHIN_MS)]),
    );
  } catch (error) {
    server.kill('SIGKILL');
    throw error;
  }
  project.provide('temporalAddress', address);
  return async () => {
    const exit = once(server, 'exit');
    server.kill('SIGTERM');
    await exit;
  };
}
