import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parseArgs } from 'node:util';
import type { SweepSpecInput } from '../shared/sweep-spec.ts';
import { cpuSecondsOf, startBenchStack, type BenchStack } from './stack.ts';
import { call, until } from './durability/measure.ts';
import { startContestant } from './engine/contestant.ts';
import { smaPairs } from './engine/pairs.ts';
import { peerEngine, preparePeers, writePeerBars } from './engine/peer-environment.ts';
import { runSweep, type DurableSweep } from './sweep/durable.ts';
import { largeSweep, pairSweep } from './sweep/specs.ts';
import type { Night, Schedule } from '../shared/schedule.ts';
import type { Sweep, SweepResult } from '../shared/sweep.ts';

/**
 * What a sweep costs beyond its arithmetic: npm run bench:sweep [-- --only cost,pairs] [-- --quick] [-- --trials 20000]. Each part takes some minutes at its full size.
 */

const PARTS = ['cost', 'linear', 'pairs', 'night', 'kill', 'fair'] as const;
type Part = (typeof PARTS)[number];

const { values: flags } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string', default: PARTS.join() }, trials: { type: 'string' } },
});
const HOME = path.resolve(import.meta.dirname, '..', process.env.HOLDFAST_HOME ?? '.holdfast');
const CACHE = path.join(HOME, 'cache');
const TRIALS = Number(flags.trials ?? (flags.quick ? 5_000 : 100_000));
const asked = flags.only.split(',');
const unknown = asked.filter((name) => !(PARTS as readonly string[]).includes(name));
if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(', ')}: ${PARTS.join(', ')}`);
const CORES = os.availableParallelism();

const MEASURES: Record<Part, (stack: BenchStack) => Promise<unknown>> = { cost, linear, pairs, night, kill, fair };
const report: Record<string, unknown> = {};
const load = [os.loadavg()[0]!];
for (const part of PARTS) if (asked.includes(part)) await measure(part);
load.push(os.loadavg()[0]!);
const target = path.join(HOME, 'bench', `sweep-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`);
mkdirSync(path.dirname(target), { recursive: true });
writeFileSync(target, `${JSON.stringify({ quick: flags.quick, trials: TRIALS, cores: CORES, load, report }, null, 2)}\n`);
say(`Written to ${target}`);

/** Each part has a stack of its own: what one has computed must not be known to the next. */
async function measure(part: Part): Promise<void> {
  say(`${part} …`);
  const stack = await startBenchStack();
  try {
    // Threads, compiled code and bars are warm then; a seed of its own keeps these trials from being known later.
    await runSweep(stack, largeSweep(64, 1));
    report[part] = await MEASURES[part](stack);
  } finally {
    await stack.stop();
  }
}

/** A large sweep, beside the same trials on as many threads without anything around them. */
async function cost(stack: BenchStack): Promise<unknown> {
  const spec = largeSweep(TRIALS);
  const before = await bareSeconds(spec, TRIALS);
  const memory = watchMemory(stack);
  const durable = await runSweep(stack, spec).finally(memory.stop);
  const { peak } = memory;
  const after = await bareSeconds(spec, TRIALS);
  const bare = (before + after) / 2;
  print(
    `${TRIALS} trials × 100,000 bars, POST to stored table: ${line(durable)}; the bare engine on ${CORES} threads ${bare.toFixed(2)} s: ${(durable.seconds / bare).toFixed(3)} ×`,
  );
  print(
    `Events in history: ${durable.events.perRun.join(', ')}; most memory, MB: ${JSON.stringify(peak)}; MB stored: ${JSON.stringify(stack.stored())}`,
  );
  return { durable: summary(durable), bare: [before, after], ratio: durable.seconds / bare, peak, stored: stack.stored() };
}

async function linear(stack: BenchStack): Promise<unknown> {
  const sizes = [1_000, 10_000, 100_000].filter((size) => size < TRIALS).concat(TRIALS);
  const rows = [];
  for (const [k, trials] of sizes.entries()) {
    const { seconds } = await runSweep(stack, largeSweep(trials, 100 + k));
    rows.push({ trials, seconds, microsecondsPerTrial: (seconds * 1e6) / trials });
    print(`${trials} trials: ${seconds.toFixed(2)} s, ${((seconds * 1e6) / trials).toFixed(0)} µs a trial`);
  }
  return rows;
}

/** The sweep that other engines are measured by, several times, each of which computes everything; and vectorbt's time for as many pairs and bars on as many cores. */
async function pairs(stack: BenchStack): Promise<unknown> {
  const peer = await vectorbtSeconds();
  const times: number[] = [];
  for (let seed = 0; seed < 7; seed++) times.push((await runSweep(stack, { ...pairSweep(), seed })).seconds);
  const median = times.toSorted((a, b) => a - b)[3]!;
  print(
    `1,013 pairs × 100,000 bars, POST to stored table: median ${median.toFixed(3)} s of ${times.map((time) => time.toFixed(3)).join(', ')}`,
  );
  if (peer !== null)
    print(`vectorbt (numba) on ${CORES} cores, bars in memory to figures: ${peer.toFixed(2)} s, ${(peer / median).toFixed(1)} × as long`);
  return { median, times, peer };
}

/** Its best warm run in processes on all cores; null where it is not installed. */
async function vectorbtSeconds(): Promise<number | null> {
  const peers = preparePeers(CACHE, say);
  if ('missing' in peers) {
    say(`Without vectorbt: ${peers.missing}.`);
    return null;
  }
  const bars = 100_000;
  const file = path.join(CACHE, `bench-bars-numpy-${bars}.f64`);
  if (!existsSync(file)) writePeerBars(peers, file, bars);
  const vectorbt = await startContestant(peerEngine(peers, 'sweep')('vectorbt', 'vectorbt_numba'), {
    file,
    bars,
    cores: CORES,
    pairs: smaPairs(),
  });
  const runs = [vectorbt.first, await vectorbt.run(), await vectorbt.run()];
  await vectorbt.stop();
  return Math.min(...runs.map(({ seconds }) => seconds));
}

/** Two nights of a schedule: the second has a day of bars more, and goes on where the first one ended. */
async function night(stack: BenchStack): Promise<unknown> {
  const { name: _name, ...spec } = largeSweep(TRIALS, 70);
  const data = { ...spec.data, from: '2020-01-01', synthetic: { ...spec.data.synthetic, bars: 1_000_000 } };
  const schedule = await call<Schedule>(`${stack.url}/v1/schedules`, { name: 'Nightly', cron: '0 3 * * *', spec: { ...spec, data } });
  const nights = [];
  // 70 and 71 days: 100,800 bars, and 1,440 more.
  for (const day of ['2020-03-11', '2020-03-12']) nights.push(await oneNight(stack, schedule, day));
  const [first, second] = nights as [NightFigures, NightFigures];
  const share = (of: (figures: NightFigures) => number): string => `${((100 * of(second)) / of(first)).toFixed(1)} %`;
  print(
    `${TRIALS} trials: a first night of 100,800 bars ${nightLine(first)}; the next with 1,440 more ${nightLine(second)}: ${share(({ cpu }) => cpu)} of the processor time, ${share(({ computing }) => computing)} of the computing`,
  );
  return { first, second, ratio: second.cpu / first.cpu };
}

interface NightFigures {
  seconds: number;
  /** Processor time of the worker, of which that of computing trials. */
  cpu: number;
  computing: number;
  newBars: number | null;
  full: string | null;
}

async function oneNight(stack: BenchStack, { id }: Schedule, day: string): Promise<NightFigures> {
  const before = cpuSecondsOf(stack.pidOf('worker'));
  const start = performance.now();
  await call(`${stack.url}/v1/schedules/${id}/backfill`, { from: `${day}T00:00:00Z`, to: `${day}T23:59:59Z` });
  const { items } = await until(
    () => call<{ items: Night[] }>(`${stack.url}/v1/schedules/${id}/runs`),
    ({ items: [last] }) => last !== undefined && last.nominalTime.startsWith(day) && (last.comparison !== null || last.status === 'failed'),
    20,
  );
  const seconds = (performance.now() - start) / 1_000;
  const cpu = cpuSecondsOf(stack.pidOf('worker')) - before;
  const { links, error, comparison } = items[0]!;
  if (error !== null) throw new Error(`the night failed: ${error.message}`);
  const { manifest } = await call<SweepResult>(`${stack.url}${links.run}/result`);
  return { seconds, cpu, computing: manifest.cpuSeconds, ...comparison!.continued };
}

function nightLine({ seconds, cpu, computing, full }: NightFigures): string {
  return `${seconds.toFixed(2)} s, ${cpu.toFixed(1)} s of the worker's processor time (${computing.toFixed(1)} s of computing${full === null ? '' : `; in full: ${full}`})`;
}

/** A worker is killed in the middle, with another one beside it. */
async function kill(stack: BenchStack): Promise<unknown> {
  const other = await stack.startWorker();
  try {
    const durable = await runSweep(stack, largeSweep(TRIALS / 2, 50), async (id) => {
      await until(
        () => call<Sweep>(`${stack.url}/v1/sweeps/${id}`),
        ({ progress }) => progress.fraction > 0.3,
      );
      process.kill(stack.pidOf('worker'), 'SIGKILL');
    });
    print(`kill -9 of a worker: ${durable.events.again} of ${durable.events.shards} shards done again (${CORES} slots); ${line(durable)}`);
    return summary(durable);
  } finally {
    other.kill('SIGKILL');
  }
}

/** Small backtests of somebody while a large sweep runs. */
async function fair(stack: BenchStack): Promise<unknown> {
  const small = { data: { source: 'sample', symbols: ['AAPL'] }, strategy: { name: 'sma-cross' } };
  const waits: number[] = [];
  await runSweep(stack, largeSweep(TRIALS / 2, 60), async (id) => {
    while ((await call<Sweep>(`${stack.url}/v1/sweeps/${id}`)).progress.fraction < 0.8) {
      const start = performance.now();
      const run = await call<{ id: string }>(`${stack.url}/v1/backtests`, small);
      await until(
        () => call<{ status: string }>(`${stack.url}/v1/backtests/${run.id}`),
        ({ status }) => status === 'completed',
      );
      waits.push(performance.now() - start);
    }
  });
  const sorted = waits.toSorted((a, b) => a - b);
  print(
    `${waits.length} small backtests during a sweep, POST to result: median ${sorted[sorted.length >> 1]!.toFixed(0)} ms, longest ${sorted.at(-1)!.toFixed(0)} ms`,
  );
  return { waits: sorted };
}

async function bareSeconds(spec: SweepSpecInput, trials: number): Promise<number> {
  const script = path.join(import.meta.dirname, 'sweep/bare.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(spec), String(trials), String(CORES)]);
  return Number(stdout);
}

function watchMemory(stack: BenchStack) {
  const peak: Record<string, number> = {};
  const timer = setInterval(() => {
    for (const [name, megabytes] of Object.entries(stack.memory())) peak[name] = Math.max(peak[name] ?? 0, megabytes);
  }, 250);
  return { peak, stop: () => clearInterval(timer) };
}

function summary({ seconds, events, result }: DurableSweep): object {
  return { seconds, events, trials: result.trials, shards: result.manifest.shards, cpuSeconds: result.manifest.cpuSeconds };
}

function line({ seconds, result }: DurableSweep): string {
  return `${seconds.toFixed(2)} s (${result.manifest.cpuSeconds.toFixed(1)} s of computing in ${result.manifest.shards} shards)`;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
