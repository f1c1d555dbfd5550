import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../local/ports.ts';
import { findTemporalCli } from '../../local/temporal-cli.ts';
import { LOOPBACK, temporalReady, temporalServerArgs } from '../../local/temporal-server.ts';
import { startProcess, type Started } from './processes.ts';

/** A Temporal server of a test's own, whose database outlives it. */
export interface OwnTemporal extends AsyncDisposable {
  readonly address: string;
  /** The process of now. */
  readonly server: Started;
  /** Starts it again after it was killed, on the same port and database. */
  start(): Promise<void>;
}

const READY_MS = 60_000;

/** `more` are further arguments of the server; in `folder` is its database, as `npm start` has it. */
export async function startOwnTemporal(
  more: readonly string[] = [],
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-temporal-')),
): Promise<OwnTemporal> {
  const cacheFolder = path.resolve(import.meta.dirname, '../../.holdfast/cache');
  const command = await findTemporalCli({ env: process.env, cacheFolder, say: (line) => process.stderr.write(`${line}\n`) });
  const port = await freePort(LOOPBACK);
  const address = `${LOOPBACK}:${port}`;
  const database = path.join(folder, 'temporal.sqlite');
  const args = [...temporalServerArgs({ port, uiPort: null, databaseFile: database, sync: 'normal' }), ...more];
  const plan = { command, args, env: process.env, logFile: path.join(folder, 'temporal.log'), ipc: false };
  const start = (): Promise<Started> =>
    startProcess(plan, () => temporalReady({ connection: { address }, namespace: 'default' }, AbortSignal.timeout(READY_MS)));
  let server = await start();
  return {
    address,
    get server() {
      return server;
    },
    start: async () => void (server = await start()),
    async [Symbol.asyncDispose]() {
      await server.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
