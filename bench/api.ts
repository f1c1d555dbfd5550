import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import autocannon from 'autocannon';
import { v7 as uuidv7 } from 'uuid';
import { freePort } from '../local/ports.ts';
import { createSqliteStore } from '../results/sqlite.ts';
import { BATCH_LIMIT, EMBEDDED_OWNER } from '../shared/names.ts';
import { BacktestSpec } from '../shared/spec.ts';

/** What reads cost with 100,000 runs in the rows: the slowest of a hundred lists, and reads a second on one core beside a bare route of Fastify. */

const RUNS = 100_000;
const LISTS = 2_000;
const SECONDS = 10;
const HOST = '127.0.0.1';

const home = mkdtempSync(path.join(tmpdir(), 'holdfast-bench-'));
mkdirSync(path.join(home, 'artifacts'));
const servers: ChildProcess[] = [];
try {
  const ids = await fillRows();
  const port = await freePort(HOST);
  const api = `http://${HOST}:${port}`;
  await startOnOneCore([path.resolve(import.meta.dirname, '../api/main.ts')], api, { HOLDFAST_HOME: home, PORT: String(port) });
  const cursor = ((await (await fetch(`${api}/v1/backtests?limit=200`)).json()) as { nextCursor: string }).nextCursor;
  const queries = {
    'first page': '',
    'later page': `?cursor=${cursor}`,
    'by status': '?status=queued',
    'by name': '?q=number%2099',
    'by tag': '?tag=tenth',
  };
  for (const [name, query] of Object.entries(queries)) print(`list, ${name}: ${await percentiles(`${api}/v1/backtests${query}`)}`);

  const one = await readsPerSecond(`${api}/v1/backtests/${ids[0]!}`);
  const bare = await startBare(await (await fetch(`${api}/v1/backtests/${ids[0]!}`)).text());
  const most = await readsPerSecond(bare);
  print(
    `one run: ${Math.round(one)} reads a second on one core; a bare route with the same body: ${Math.round(most)}; ratio ${(one / most).toFixed(2)}`,
  );
} finally {
  for (const server of servers) server.kill();
  rmSync(home, { recursive: true });
}

async function fillRows(): Promise<string[]> {
  const store = createSqliteStore({ file: path.join(home, 'rows.sqlite'), sync: 'normal' });
  const ids: string[] = [];
  for (let done = 0; done < RUNS; done += BATCH_LIMIT) {
    const items = Array.from({ length: BATCH_LIMIT }, (_, k) => ({ id: uuidv7(), spec: specOf(done + k), total: 100 }));
    ids.push(...items.map(({ id }) => id));
    await store.submitBatch({ id: uuidv7(), owner: EMBEDDED_OWNER, name: 'B', items, idempotency: null });
  }
  store.close();
  return ids;
}

function specOf(number: number): BacktestSpec {
  const tags = number % 10 === 0 ? ['tenth'] : [];
  return BacktestSpec.parse({
    name: `Number ${number}`,
    tags,
    data: { source: 'sample', symbols: ['AAPL'] },
    strategy: { name: 'sma-cross' },
  });
}

async function startOnOneCore(program: string[], url: string, env: NodeJS.ProcessEnv): Promise<void> {
  // Reads need no Temporal.
  const settings = { ...process.env, TEMPORAL_ADDRESS: `${HOST}:1`, LOG_LEVEL: 'warn', ...env };
  servers.push(spawn('taskset', ['-c', '0', process.execPath, ...program], { env: settings, stdio: ['ignore', 'inherit', 'inherit'] }));
  while (!(await fetch(`${url}/healthz`).catch(() => null))?.ok) await delay(50);
}

async function startBare(body: string): Promise<string> {
  const port = await freePort(HOST);
  const program = `
    import Fastify from 'fastify';
    const app = Fastify();
    const body = ${body};
    app.get('/healthz', () => ({}));
    app.get('/', async () => body);
    await app.listen({ host: '${HOST}', port: ${port} });`;
  const url = `http://${HOST}:${port}`;
  await startOnOneCore(['--input-type=module', '--eval', program], url, {});
  return url;
}

async function percentiles(url: string): Promise<string> {
  const times: number[] = [];
  for (let k = 0; k < LISTS; k++) {
    const begun = performance.now();
    await (await fetch(url)).arrayBuffer();
    times.push(performance.now() - begun);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => sorted[Math.floor(share * LISTS)]!.toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

async function readsPerSecond(url: string): Promise<number> {
  await autocannon({ url, connections: 20, duration: 3 });
  const { requests } = await autocannon({ url, connections: 20, duration: SECONDS });
  return requests.average;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
