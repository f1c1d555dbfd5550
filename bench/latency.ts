import { setTimeout as delay } from 'node:timers/promises';
import type { RunSummary } from '../shared/run.ts';
import { startBenchStack } from './stack.ts';

/** POST to result of small runs one after the other, and how quick reads stay while every slot is busy. */

const RUNS = 100;
const READS = 500;
const POLL_MS = 5;

const small = {
  data: { source: 'synthetic', symbols: ['SYN'], timeframe: '1m', synthetic: { bars: 20_000 } },
  strategy: { name: 'sma-cross' },
};
const busy = {
  data: { source: 'synthetic', symbols: ['SYN'], timeframe: '1m', synthetic: { bars: 3_000_000 } },
  strategy: { name: 'synthetic-load', params: { microsecondsPerBar: 20 } },
};

const stack = await startBenchStack();
try {
  const idle = stack.memory();
  await repeat(10, () => runToEnd(small));
  print(`POST to result, ${small.data.synthetic.bars} bars`, await repeat(RUNS, () => runToEnd(small)));
  const { id } = await submit(small);
  print('GET of a run, idle', await repeat(READS, () => get(id)));
  const long = await Promise.all([submit(busy), submit(busy), submit(busy)]);
  await delay(5_000);
  print('GET of a run, every slot busy', await repeat(READS, () => get(id)));
  print('POST to result, every slot busy (waits for a slice to end)', await repeat(3, () => runToEnd(small)));
  process.stdout.write(`memory in MB, idle: ${JSON.stringify(idle)}\nmemory in MB, busy: ${JSON.stringify(stack.memory())}\n`);
  await Promise.all(long.map((run) => fetch(`${stack.url}/v1/backtests/${run.id}/cancel`, { method: 'POST' })));
} finally {
  await stack.stop();
}

async function submit(spec: unknown): Promise<RunSummary> {
  const answer = await fetch(`${stack.url}/v1/backtests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(spec),
  });
  return (await answer.json()) as RunSummary;
}

async function get(id: string): Promise<RunSummary> {
  return (await (await fetch(`${stack.url}/v1/backtests/${id}`)).json()) as RunSummary;
}

async function runToEnd(spec: unknown): Promise<void> {
  const { id } = await submit(spec);
  while ((await get(id)).finishedAt === null) await delay(POLL_MS);
}

/** Milliseconds of each of `count` calls, one after the other, in ascending order. */
async function repeat(count: number, call: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b);
}

function print(what: string, times: readonly number[]): void {
  const at = (quantile: number): string => times[Math.min(times.length - 1, Math.floor(times.length * quantile))]!.toFixed(1);
  process.stdout.write(`${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms (${times.length})\n`);
}
