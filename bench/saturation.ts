import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { RunSummary } from '../shared/run.ts';
import { BATCH_LIMIT } from '../shared/names.ts';
import { coldStarts } from './capacity/cold-start.ts';
import { imageMegabytes } from './capacity/image-size.ts';
import { workflowCost } from './capacity/workflow-cost.ts';
import { batch, holdfastSide, singles } from './durability/contests.ts';
import { call } from './durability/measure.ts';
import { processorMs } from './durability/processor-time.ts';
import { residentMegabytes, startBenchStack, type BenchStack } from './stack.ts';
import { runSweep } from './sweep/durable.ts';
import { largeSweep } from './sweep/specs.ts';

/**
 * What a run, an item of a batch and a trial cost, and how much comes through one server with more workers: the constants of docs/scaling.md.
 * npm run bench:saturation [-- --runs 10000] [-- --workers 1,2,4] [-- --trials 20000]; some five minutes with its defaults.
 */

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '600' },
    workers: { type: 'string', default: '1,2,4' },
    trials: { type: 'string', default: '20000' },
  },
});
const HOME = path.resolve(import.meta.dirname, '..', process.env.HOLDFAST_HOME ?? '.holdfast');
const [RUNS, TRIALS] = [Number(flags.runs), Number(flags.trials)];
const SETTLED_MS = 3_000;

type Process = 'temporal' | 'api' | 'workers';

interface Spent {
  count: number;
  perSecond: number;
  /** Of a processor, for one of them. */
  ms: Record<Process, number>;
  /** Growth for one of them. */
  bytes: Record<'rows' | 'artifacts' | 'temporal', number>;
}

const load = [os.loadavg()[0]!];
const report: Record<string, unknown> = { image: imageMegabytes() };
for (const count of flags.workers.split(',').map(Number)) report[`${count} workers`] = await withWorkers(count);
load.push(os.loadavg()[0]!);
const target = path.join(HOME, 'bench', `saturation-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`);
mkdirSync(path.dirname(target), { recursive: true });
writeFileSync(target, `${JSON.stringify({ runs: RUNS, trials: TRIALS, cores: os.availableParallelism(), load, report }, null, 2)}\n`);
print(
  `Image: ${JSON.stringify(report['image'])} MB on top of its base. Load ${load.map((one) => one.toFixed(1)).join(' before, ')} after.`,
);
process.stderr.write(`Written to ${target}\n`);

/** A server, an API, and so many worker processes. */
async function withWorkers(count: number): Promise<unknown> {
  const stack = await startBenchStack();
  const more = await Promise.all(Array.from({ length: count - 1 }, () => stack.startWorker()));
  const pids = {
    temporal: [stack.pidOf('temporal')],
    api: [stack.pidOf('api')],
    workers: [stack.pidOf('worker'), ...more.map((each) => each.pid!)],
  };
  try {
    const idle = { memory: memory(pids), ...(await idleCost(pids)) };
    // Threads and compiled code are warm then.
    await singles(holdfastSide(stack.url), 50);
    const many = await measured(stack, pids, RUNS, () => inBatches(stack, RUNS));
    const single = await measured(stack, pids, RUNS, () => singles(holdfastSide(stack.url), RUNS));
    const figures = { idle, loaded: memory(pids), batch: many, single };
    print(`${count} workers: ${line('items of batches', many)}\n  ${line('single runs', single)}`);
    print(`  MB idle ${JSON.stringify(idle.memory)}, after it ${JSON.stringify(figures.loaded)}`);
    return count > 1 ? figures : { ...figures, ...(await onePass(stack, pids)) };
  } finally {
    for (const worker of more) worker.kill('SIGTERM');
    await Promise.all(more.map((worker) => once(worker, 'exit')));
    await stack.stop();
  }
}

/** What is the same for any number of workers. */
async function onePass(stack: BenchStack, pids: Record<Process, readonly number[]>) {
  const trials = await measured(stack, pids, TRIALS, async () => TRIALS / (await runSweep(stack, largeSweep(TRIALS))).seconds);
  const cost = {
    run: await workflowCost(stack.temporalAddress, `backtest/${await latest(stack, 'backtests')}`),
    sweep: await workflowCost(stack.temporalAddress, `sweep/${await latest(stack, 'sweeps')}`),
    batch: await workflowCost(stack.temporalAddress, `batch/${await firstBatch(stack)}`),
  };
  const cold = await coldStarts(stack.temporalAddress);
  print(`  ${line('trials', trials)}\n  what Temporal counts: ${JSON.stringify(cost)}`);
  print(`  ready after its start: API ${cold.api.toFixed(0)} ms, worker ${cold.worker.toFixed(0)} ms`);
  return { trials, cost, cold };
}

/** From what was there before to what is there when all has settled. */
async function measured(
  stack: BenchStack,
  pids: Record<Process, readonly number[]>,
  count: number,
  work: () => Promise<number>,
): Promise<Spent> {
  await delay(SETTLED_MS);
  const spent = () => eachOf(pids, processorMs);
  const before = { ms: spent(), bytes: stack.storedBytes() };
  const perSecond = await work();
  const after = { ms: spent(), bytes: stack.storedBytes() };
  const each = <Name extends string>(now: Record<Name, number>, then: Record<Name, number>) =>
    Object.fromEntries(Object.entries<number>(now).map(([name, value]) => [name, (value - then[name as Name]) / count])) as Record<
      Name,
      number
    >;
  return { count, perSecond, ms: each(after.ms, before.ms), bytes: each(after.bytes, before.bytes) };
}

/** Items a second. */
async function inBatches({ url }: BenchStack, count: number): Promise<number> {
  let seconds = 0;
  for (let left = count; left > 0; left -= BATCH_LIMIT) {
    const size = Math.min(left, BATCH_LIMIT);
    seconds += size / (await batch(url, size));
  }
  return count / seconds;
}

/** What the parts take while nobody asks anything of them: milliseconds of a processor a second. */
async function idleCost(pids: Record<Process, readonly number[]>): Promise<{ msPerSecond: Record<Process, number> }> {
  const seconds = 15;
  const before = eachOf(pids, processorMs);
  await delay(seconds * 1_000);
  const after = eachOf(pids, processorMs);
  return { msPerSecond: eachOf(pids, (_, name) => (after[name] - before[name]) / seconds) };
}

function memory(pids: Record<Process, readonly number[]>): Record<Process, number> {
  return eachOf(pids, (of) => Math.max(...of.map(residentMegabytes)));
}

function eachOf(
  pids: Record<Process, readonly number[]>,
  figure: (of: readonly number[], name: Process) => number,
): Record<Process, number> {
  return { temporal: figure(pids.temporal, 'temporal'), api: figure(pids.api, 'api'), workers: figure(pids.workers, 'workers') };
}

async function latest({ url }: BenchStack, kind: 'backtests' | 'sweeps'): Promise<string> {
  return (await call<{ items: RunSummary[] }>(`${url}/v1/${kind}?limit=1`)).items[0]!.id;
}

/** The batch of the oldest item: before them there are only the runs that warm up. */
async function firstBatch({ url }: BenchStack): Promise<string> {
  const { items } = await call<{ items: RunSummary[] }>(`${url}/v1/backtests?limit=100&sort=createdAt`);
  return items.find((each) => each.batch !== null)!.batch!;
}

function line(what: string, { count, perSecond, ms, bytes }: Spent): string {
  const shown = (figures: Record<string, number>, digits: number): string =>
    Object.entries(figures)
      .map(([name, value]) => `${name} ${value.toFixed(digits)}`)
      .join(', ');
  return `${count} ${what}: ${perSecond.toFixed(1)} a second; each: ms of a processor ${shown(ms, 2)}; bytes ${shown(bytes, 0)}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
