import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { Run } from '../../shared/run.ts';
import { BacktestSpec } from '../../shared/spec.ts';
import type { Service } from '../../test/rig/service.ts';
import { durableSlices } from '../../test/rig/slices.ts';
import { startBenchStack, type BenchStack } from '../stack.ts';
import { call, quantiles, repeat, timed, until, type Quantiles } from './measure.ts';

const MICROSECONDS_PER_BAR = 20;

function longRun(seconds: number, seed = 7) {
  const bars = Math.round((seconds * 1e6) / MICROSECONDS_PER_BAR);
  return {
    data: { source: 'synthetic', symbols: ['SYN'], timeframe: '1m', synthetic: { bars, seed } },
    strategy: { name: 'synthetic-load', params: { fast: 10, slow: 30, microsecondsPerBar: MICROSECONDS_PER_BAR } },
  };
}

const submit = (url: string, spec: unknown): Promise<Run> => call(`${url}/v1/backtests`, spec);
const ended = (url: string, id: string): Promise<Run> =>
  until(
    () => call<Run>(`${url}/v1/backtests/${id}`),
    ({ finishedAt }) => finishedAt !== null,
    50,
  );

/** Seconds of the engine by itself, and of a durable run from POST to result; the bars are there already for both. */
export async function overhead(seconds: number): Promise<Record<'bare' | 'durable' | 'checkpointEachSecond', number>> {
  const spec = longRun(seconds);
  const bare = (): number =>
    Number(execFileSync(process.execPath, [path.join(import.meta.dirname, 'bare.ts'), JSON.stringify(BacktestSpec.parse(spec))]));
  const durable = async (settings: Record<string, string>): Promise<number> => {
    const stack = await startBenchStack(settings);
    try {
      // Fetches the same bars for a strategy that takes no time.
      const warm = await submit(stack.url, { ...spec, strategy: { name: 'buy-and-hold' } });
      await ended(stack.url, warm.id);
      return (await timed(async () => ended(stack.url, (await submit(stack.url, spec)).id))) / 1000;
    } finally {
      await stack.stop();
    }
  };
  const [first, ordinary, second, eachSecond] = [bare(), await durable({}), bare(), await durable({ HOLDFAST_SLICE_SECONDS: '1' })];
  return { bare: (first + second) / 2, durable: ordinary, checkpointEachSecond: eachSecond };
}

export interface Recovery {
  /** From kill -9 until a worker has the slice again. */
  begins: number;
  /** From kill -9 until the run has more bars than before. */
  seconds: number;
  /** Bars that were computed twice. */
  again: number;
}

/** Kills the worker that simulates a run of so many seconds: the only one, which is started again, or one of two. */
export async function recovery(length: number, another: boolean): Promise<Recovery> {
  const stack = await startBenchStack();
  const second = another ? await stack.startWorker() : null;
  const connection = await Connection.connect({ address: stack.temporalAddress });
  const temporal = new Client({ connection });
  try {
    const { id } = await submit(stack.url, longRun(length));
    const now = () => call<Run>(`${stack.url}/v1/backtests/${id}`);
    await until(now, ({ progress }) => progress.fraction > 0.4);
    const worker = await until(
      () => workerOf(temporal, id),
      (pid) => pid !== null,
    );
    const before = (await now()).progress.done;
    process.kill(worker!, 'SIGKILL');
    const start = performance.now();
    const since = (): number => (performance.now() - start) / 1000;
    await until(
      () => workerOf(temporal, id),
      (pid) => pid !== null && pid !== worker,
    );
    const begins = since();
    await until(now, ({ progress }) => progress.done > before);
    const seconds = since();
    await ended(stack.url, id);
    const retried = (await durableSlices({ temporal } as Service, id)).find(({ attempt }) => attempt > 1);
    return { begins, seconds, again: Math.max(0, before - (retried?.fromBar ?? before)) };
  } finally {
    await connection.close();
    second?.kill('SIGKILL');
    await stack.stop();
  }
}

/** The process that has the slice of a run; null between two slices. */
async function workerOf(temporal: Client, runId: string): Promise<number | null> {
  const { raw } = await temporal.workflow.getHandle(`backtest/${runId}`).describe();
  const identity = raw.pendingActivities?.find(({ lastStartedTime }) => lastStartedTime)?.lastWorkerIdentity;
  return identity ? Number(identity.split(':').at(-1)) : null;
}

/** Milliseconds of `count` GETs of a run while nothing runs, and while every slot is busy. */
export async function readsWhileBusy(
  stack: BenchStack,
  { slots, count }: { slots: number; count: number },
): Promise<{ idle: Quantiles; busy: Quantiles }> {
  const { id } = await submit(stack.url, longRun(0.01));
  await ended(stack.url, id);
  const read = () => call(`${stack.url}/v1/backtests/${id}`);
  await repeat(100, read);
  const idle = quantiles(await repeat(count, read));
  const long = await Promise.all(Array.from({ length: slots + 1 }, (_, k) => submit(stack.url, longRun(60, 100 + k))));
  await delay(5_000);
  const busy = quantiles(await repeat(count, read));
  await Promise.all(long.map((run) => fetch(`${stack.url}/v1/backtests/${run.id}/cancel`, { method: 'POST' })));
  return { idle, busy };
}
