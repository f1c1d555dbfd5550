import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createHttp } from '../test/rig/http.ts';
import { startCeleryStack } from './durability/celery-stack.ts';
import { batch, celerySide, holdfastSide, latencies, singles } from './durability/contests.ts';
import { overhead, readsWhileBusy, recovery } from './durability/long-runs.ts';
import type { Quantiles } from './durability/measure.ts';
import { processorMs } from './durability/processor-time.ts';
import { measureStops } from './durability/stops.ts';
import { startBenchStack, type BenchStack } from './stack.ts';

/** What durability costs, and what a user would have without it: npm run bench:durability [-- --quick] [-- --only PART]. */

const { values: flags } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
});
const HOME = path.resolve(import.meta.dirname, '..', process.env.HOLDFAST_HOME ?? '.holdfast');
const SIZES = flags.quick
  ? { seconds: 6, latencies: 50, batch: 200, singles: 100, reads: 300, recovery: 10, stops: 8 }
  : { seconds: 60, latencies: 200, batch: 2_000, singles: 500, reads: 1_000, recovery: 20, stops: 50 };

/** A command that takes as long as all of it may be cut off: each part can be had by itself. */
const PARTS: Record<string, () => Promise<unknown>> = {
  latency: () => besideCelery(postToResult),
  throughput: () => besideCelery(perSecond),
  reads: () => withStack(readsOfARun),
  'long-run': longRun,
  'kill-with-another': () => afterKill(true),
  'kill-of-the-only': () => afterKill(false),
  stops: () => withStack(stops),
};

const wanted = flags.only ?? Object.keys(PARTS);
const unknown = wanted.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}, but ${Object.keys(PARTS).join(', ')}.`);

const report: Record<string, unknown> = {};
const load = [os.loadavg()[0]!];
for (const name of wanted) await part(name, PARTS[name]!);
load.push(os.loadavg()[0]!);
store({ at: new Date().toISOString(), quick: flags.quick, machine: { cpu: os.cpus()[0]?.model, cores: os.availableParallelism(), load } });

/** One part may fail without the others; the command then fails at its end. */
async function part(name: string, measure: () => Promise<unknown>): Promise<void> {
  say(`${name} …`);
  try {
    report[name] = await measure();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report[name] = { failed: reason };
    print(`${name}: could not be measured: ${reason}`);
    process.exitCode = 1;
  }
}

async function withStack<Figures>(measure: (stack: BenchStack) => Promise<Figures>): Promise<Figures> {
  const stack = await startBenchStack();
  try {
    return await measure(stack);
  } finally {
    await stack.stop();
  }
}

/** A stack as the contests see it. */
interface Contestant {
  url: string;
  /** Processor time since its start, in milliseconds. */
  spent: () => number;
}

/** Each side's stack stands while the other works, and does nothing. */
async function besideCelery<Figures>(measure: (own: Contestant, celery: Contestant | null) => Promise<Figures>): Promise<Figures> {
  const celery = await startCeleryStack(path.join(HOME, 'cache'), say);
  if ('missing' in celery) say(`Without Celery: ${celery.missing}.`);
  try {
    return await withStack(({ url, pid }) =>
      measure(
        { url, spent: () => processorMs([pid]) },
        'missing' in celery ? null : { url: celery.url, spent: () => processorMs(celery.pids) },
      ),
    );
  } finally {
    if (!('missing' in celery)) await celery.stop();
  }
}

async function postToResult(ownSide: Contestant, celery: Contestant | null) {
  const sides = [holdfastSide(ownSide.url), ...(celery === null ? [] : [celerySide(celery.url, 'chain')])];
  const [own, chain] = await latencies(sides, SIZES.latencies);
  print(`POST to result, ms: ${line(own!)} (p99 ${ratio(own!.p99 / own!.p50)} p50)`);
  if (chain) print(`  chain of three tasks: ${line(chain)}; ours ${ratio(own!.p50 / chain.p50)}`);
  return { own, chain };
}

async function perSecond(own: Contestant, celery: Contestant | null) {
  const rates = {
    batch: await rated(own, SIZES.batch, () => batch(own.url, SIZES.batch)),
    tasks: celery && (await rated(celery, SIZES.batch, () => singles(celerySide(celery.url, 'whole'), SIZES.batch))),
    singles: await rated(own, SIZES.singles, () => singles(holdfastSide(own.url), SIZES.singles)),
    chains: celery && (await rated(celery, SIZES.singles, () => singles(celerySide(celery.url, 'chain'), SIZES.singles))),
  };
  const shown = (side: Rate | null): string =>
    side === null ? '–' : `${side.rate.toFixed(0)} (${side.processorMs.toFixed(1)} ms of a processor each)`;
  print(`Runs a second: batch of ${SIZES.batch} ${shown(rates.batch)}, single tasks of Celery ${shown(rates.tasks)}`);
  print(`  ${SIZES.singles} single POSTs ${shown(rates.singles)}, chains of Celery ${shown(rates.chains)}`);
  return rates;
}

interface Rate {
  /** Runs a second. */
  rate: number;
  /** Of all processes of the side, for one run. */
  processorMs: number;
}

async function rated({ spent }: Contestant, count: number, work: () => Promise<number>): Promise<Rate> {
  const before = spent();
  const rate = await work();
  return { rate, processorMs: (spent() - before) / count };
}

async function readsOfARun(stack: BenchStack) {
  const reads = await readsWhileBusy(stack, { slots: os.availableParallelism(), count: SIZES.reads });
  const busier = ratio(reads.busy.p99 / reads.idle.p99);
  print(`GET of a run, ms: idle ${line(reads.idle)}; every slot busy ${line(reads.busy)}: p99 ${busier}`);
  return reads;
}

async function longRun() {
  const seconds = await overhead(SIZES.seconds);
  const beside = (own: number): string => `${own.toFixed(2)} s: ${ratio(own / seconds.bare)}`;
  print(`${SIZES.seconds} s of simulation: engine alone ${seconds.bare.toFixed(2)} s
  durable ${beside(seconds.durable)}
  with a checkpoint each second ${beside(seconds.checkpointEachSecond)}`);
  return seconds;
}

async function afterKill(another: boolean) {
  const { begins, seconds, again } = await recovery(SIZES.recovery, another);
  const which = another ? 'another worker alive' : 'worker started again';
  print(`kill -9, ${which}: begun again after ${begins.toFixed(1)} s, further than before after ${seconds.toFixed(1)} s
  ${again.toLocaleString('en-US')} bars computed twice`);
  return { begins, seconds, again };
}

async function stops({ url }: BenchStack) {
  const times = await measureStops(
    createHttp(url, () => {}),
    SIZES.stops,
  );
  print(`Stopped after, ms: pause ${line(times.pause)}; cancel ${line(times.cancel)} (${SIZES.stops} runs)`);
  return times;
}

function line({ p50, p95, p99 }: Quantiles): string {
  return `p50 ${p50.toFixed(1)}, p95 ${p95.toFixed(1)}, p99 ${p99.toFixed(1)}`;
}

function ratio(value: number): string {
  return `${value.toFixed(2)} ×`;
}

function store(head: Record<string, unknown>): void {
  const folder = path.join(HOME, 'bench');
  mkdirSync(folder, { recursive: true });
  const target = path.join(folder, `durability-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`);
  writeFileSync(target, `${JSON.stringify({ ...head, parts: report }, null, 2)}\n`);
  say(`Written to ${target}`);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
