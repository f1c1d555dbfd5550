import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../local/ports.ts';
import { createFolderStore } from '../artifacts/folder-store.ts';
import { createSqliteStore } from '../results/sqlite.ts';
import { EMBEDDED_OWNER } from '../shared/names.ts';
import { writeRuns } from './events/write-runs.ts';
import { residentMegabytes } from './stack.ts';

/** What 500 connections cost the API for a minute, a fifth of them slower than what is told: memory, and events a second. */

const RUNS = 20;
const OF_ONE_RUN = 380;
const OF_ALL_RUNS = 20;
const SLOW_OF_ALL_RUNS = 100;
const SECONDS = 60;
/** A slow reader takes so many bytes every two seconds, a quarter of what comes. */
const SLOW_BYTES = 64 * 1024;

const HOST = '127.0.0.1';
const port = await freePort(HOST);
const home = mkdtempSync(path.join(tmpdir(), 'holdfast-bench-'));
mkdirSync(path.join(home, 'artifacts'));
const store = createSqliteStore({ file: path.join(home, 'rows.sqlite'), sync: 'normal' });
const artifacts = createFolderStore({ folder: path.join(home, 'artifacts') });
// Reads need no Temporal.
const env = { ...process.env, HOLDFAST_HOME: home, PORT: String(port), TEMPORAL_ADDRESS: `${HOST}:1`, LOG_LEVEL: 'warn' };
const api = spawn(process.execPath, [path.resolve(import.meta.dirname, '../api/main.ts')], {
  env,
  stdio: ['ignore', 'inherit', 'inherit'],
});
const stop = new AbortController();
const counts = { quick: 0, slow: 0, closed: 0 };
try {
  while (!(await fetch(`http://${HOST}:${port}/healthz`).catch(() => null))?.ok) {
    if (api.exitCode !== null) throw new Error('the API ended while it started');
    await delay(50);
  }
  const { ids, ended } = await writeRuns({ store, artifacts, count: RUNS, signal: stop.signal });
  await delay(3_000);
  const before = residentMegabytes(api.pid!);
  for (let i = 0; i < OF_ONE_RUN; i++) read(`/v1/backtests/${ids[i % RUNS]!}/events`, false);
  for (let i = 0; i < OF_ALL_RUNS + SLOW_OF_ALL_RUNS; i++) read('/v1/events', i >= OF_ALL_RUNS);
  await delay(5_000);
  const connected = residentMegabytes(api.pid!);
  const from = { ...counts, change: await store.lastChange(EMBEDDED_OWNER) };
  const memory: number[] = [];
  for (let second = 0; second < SECONDS; second++) {
    await delay(1_000);
    memory.push(residentMegabytes(api.pid!));
  }
  const changes = ((await store.lastChange(EMBEDDED_OWNER)) - from.change) / SECONDS;
  const perSecond = (counts.quick + counts.slow - from.quick - from.slow) / SECONDS;
  process.stdout.write(
    `${OF_ONE_RUN + OF_ALL_RUNS} quick readers and ${SLOW_OF_ALL_RUNS} slow ones of ${RUNS} runs, ${SECONDS} s; ${counts.closed} connections ended\n` +
      `memory of the API in MB: ${before} before, ${connected} connected, then each 10 s ${memory.filter((_, i) => i % 10 === 9).join(' ')}\n` +
      `changes a second: ${Math.round(changes)}; events a second: ${Math.round(perSecond)}, of which slow readers ${Math.round((counts.slow - from.slow) / SECONDS)}\n`,
  );
  stop.abort();
  await ended;
} finally {
  stop.abort();
  api.kill('SIGKILL');
  if (api.exitCode === null) await once(api, 'exit');
  store.close();
  rmSync(home, { recursive: true, force: true });
}

/** Counts the events of one connection; a slow reader leaves what it has not taken to the service. */
function read(address: string, slow: boolean): void {
  const socket = connect(port, HOST);
  socket.on('error', () => undefined).on('close', () => counts.closed++);
  socket.write(`GET ${address} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
  stop.signal.addEventListener('abort', () => socket.destroy());
  let taken = 0;
  socket.on('data', (bytes) => {
    counts[slow ? 'slow' : 'quick'] += bytes.toString('latin1').split('\nevent: ').length - 1;
    taken += bytes.length;
    if (slow && taken >= SLOW_BYTES) socket.pause();
  });
  if (!slow) return;
  const turn = setInterval(() => {
    taken = 0;
    socket.resume();
  }, 2_000);
  socket.on('close', () => clearInterval(turn));
}
