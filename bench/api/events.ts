import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createFolderStore } from '../../artifacts/folder-store.ts';
import { createSqliteStore } from '../../results/sqlite.ts';
import { EMBEDDED_OWNER } from '../../shared/names.ts';
import { residentMegabytes } from '../stack.ts';
import { HOST, newHome, startApi } from './server.ts';
import { writeRuns } from './write-runs.ts';

const RUNS = 20;
const OF_ONE_RUN = 380;
const OF_ALL_RUNS = 20;
const SLOW_OF_ALL_RUNS = 100;
/** A slow reader takes so many bytes every two seconds, a quarter of what comes. */
const SLOW_BYTES = 64 * 1024;
/** The first part of the time, in which buffers and compiled code grow to their size, does not count for the slope. */
const SETTLING = 0.25;

/** Prints what 500 connections with live events cost the API, a fifth of them slower than what is told: memory from begin to end, and events a second. */
export async function measureEvents({ seconds }: { seconds: number }): Promise<void> {
  const { home, file, remove } = newHome();
  const store = createSqliteStore({ file, sync: 'normal' });
  const artifacts = createFolderStore({ folder: `${home}/artifacts` });
  const api = await startApi(home);
  const stop = new AbortController();
  try {
    const { ids, ended } = await writeRuns({ store, artifacts, count: RUNS, signal: stop.signal });
    await delay(3_000);
    const before = residentMegabytes(api.pid);
    const counts = { quick: 0, slow: 0, closed: 0 };
    const read = (address: string, slow: boolean): void => readEvents({ port: api.port, address, slow, counts, signal: stop.signal });
    for (let i = 0; i < OF_ONE_RUN; i++) read(`/v1/backtests/${ids[i % RUNS]!}/events`, false);
    for (let i = 0; i < OF_ALL_RUNS + SLOW_OF_ALL_RUNS; i++) read('/v1/events', i >= OF_ALL_RUNS);
    await delay(5_000);
    const from = { ...counts, change: await store.lastChange(EMBEDDED_OWNER) };
    const memory: number[] = [residentMegabytes(api.pid)];
    for (let second = 0; second < seconds; second++) {
      await delay(1_000);
      memory.push(residentMegabytes(api.pid));
    }
    const changes = ((await store.lastChange(EMBEDDED_OWNER)) - from.change) / seconds;
    const perSecond = (counts.quick + counts.slow - from.quick - from.slow) / seconds;
    const settled = memory.slice(Math.floor(memory.length * SETTLING));
    process.stdout.write(
      `${OF_ONE_RUN + OF_ALL_RUNS} quick readers and ${SLOW_OF_ALL_RUNS} slow ones of ${RUNS} runs, ${seconds} s; ${counts.closed} connections ended\n` +
        `memory of the API in MB: ${before} before, ${memory[0]} connected, ${memory.at(-1)} at the end, ${Math.max(...memory)} at most; ` +
        `slope of the last three quarters ${slopeOf(settled).toFixed(2)} MB a minute\n` +
        `each tenth of the time: ${tenths(memory).join(' ')}\n` +
        `changes a second: ${Math.round(changes)}; events a second: ${Math.round(perSecond)}, of which slow readers ${Math.round((counts.slow - from.slow) / seconds)}\n`,
    );
    stop.abort();
    await ended;
  } finally {
    stop.abort();
    await api.stop();
    store.close();
    remove();
  }
}

/** Least squares over a reading a second; in MB a minute. */
function slopeOf(readings: readonly number[]): number {
  const [middle, mean] = [(readings.length - 1) / 2, readings.reduce((sum, each) => sum + each, 0) / readings.length];
  const up = readings.reduce((sum, each, at) => sum + (at - middle) * (each - mean), 0);
  const across = readings.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  return across === 0 ? 0 : (60 * up) / across;
}

function tenths(readings: readonly number[]): number[] {
  return Array.from({ length: 10 }, (_, k) => readings[Math.floor(((k + 1) / 10) * (readings.length - 1))]!);
}

interface Reader {
  port: number;
  address: string;
  slow: boolean;
  counts: { quick: number; slow: number; closed: number };
  signal: AbortSignal;
}

/** Counts the events of one connection; a slow reader leaves what it has not taken to the service. */
function readEvents({ port, address, slow, counts, signal }: Reader): void {
  const socket = connect(port, HOST);
  socket.on('error', () => undefined).on('close', () => counts.closed++);
  socket.write(`GET ${address} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
  signal.addEventListener('abort', () => socket.destroy());
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
