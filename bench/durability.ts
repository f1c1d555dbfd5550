import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startCeleryStack } from './durability/celery-stack.ts';
import { batch, celerySide, holdfastSide, latencies, singles } from './durability/contests.ts';
import { overhead, readsWhileBusy, recovery } from './durability/long-runs.ts';
import type { Quantiles } from './durability/measure.ts';
import { startBenchStack, type BenchStack } from './stack.ts';

/** What durability costs, and what a user would have without it: npm run bench:durability [-- --quick]. */

const { values: flags } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const HOME = path.resolve(import.meta.dirname, '..', process.env.HOLDFAST_HOME ?? '.holdfast');
const SIZES = flags.quick
  ? { seconds: 6, latencies: 50, batch: 200, singles: 100 }
  : { seconds: 60, latencies: 200, batch: 2_000, singles: 500 };

const load = [os.loadavg()[0]!];
const small = await contests();
say('A run of some length, and the engine by itself …');
const long = await overhead(SIZES.seconds);
print(`${SIZES.seconds} s of simulation: engine alone ${long.bare.toFixed(2)} s
  durable ${long.durable.toFixed(2)} s: ${ratio(long.durable / long.bare)}
  with a checkpoint each second ${long.checkpointEachSecond.toFixed(2)} s: ${ratio(long.checkpointEachSecond / long.bare)}`);
say('kill -9 …');
const kills = { another: await recovery(20, true), restarted: await recovery(20, false) };
for (const [which, { seconds, again }] of Object.entries(kills))
  print(
    `kill -9, ${which === 'another' ? 'another worker alive' : 'worker started again'}: goes on after ${seconds.toFixed(1)} s, ${again} bars computed twice`,
  );
load.push(os.loadavg()[0]!);
store({
  at: new Date().toISOString(),
  quick: flags.quick,
  machine: { cpu: os.cpus()[0]?.model, cores: os.availableParallelism(), load },
  small,
  long,
  kills,
});

/** Small runs of both sides; each side's stack stands while the other works, and does nothing. */
async function contests() {
  say('Small runs …');
  const celery = await startCeleryStack(path.join(HOME, 'cache'), say);
  if ('missing' in celery) say(`Without Celery: ${celery.missing}.`);
  const stack = await startBenchStack();
  try {
    return await compare(stack, 'missing' in celery ? null : celery.url);
  } finally {
    await stack.stop();
    if (!('missing' in celery)) await celery.stop();
  }
}

async function compare(stack: BenchStack, celeryUrl: string | null) {
  const ours = holdfastSide(stack.url);
  const theirs = celeryUrl === null ? null : { chain: celerySide(celeryUrl, 'chain'), whole: celerySide(celeryUrl, 'whole') };
  const [own, chain] = await latencies(theirs ? [ours, theirs.chain] : [ours], SIZES.latencies);
  print(`POST to result, ms: ${line(own!)} (p99 ${ratio(own!.p99 / own!.p50)} p50)`);
  if (chain) print(`  chain of three tasks: ${line(chain)}; ours ${ratio(own!.p50 / chain.p50)}`);
  const perSecond = {
    batch: await batch(stack.url, SIZES.batch),
    tasks: theirs && (await singles(theirs.whole, SIZES.batch)),
    singles: await singles(ours, SIZES.singles),
    chains: theirs && (await singles(theirs.chain, SIZES.singles)),
  };
  print(
    `Runs a second: batch of ${SIZES.batch} ${perSecond.batch.toFixed(0)}, single tasks of Celery ${perSecond.tasks?.toFixed(0) ?? '–'}`,
  );
  print(`  ${SIZES.singles} single POSTs ${perSecond.singles.toFixed(0)}, chains of Celery ${perSecond.chains?.toFixed(0) ?? '–'}`);
  const reads = await readsWhileBusy(stack, os.availableParallelism());
  print(`GET of a run, ms: idle ${line(reads.idle)}; every slot busy ${line(reads.busy)}: p99 ${ratio(reads.busy.p99 / reads.idle.p99)}`);
  return { latency: { own, chain }, perSecond, reads };
}

function line({ p50, p95, p99 }: Quantiles): string {
  return `p50 ${p50.toFixed(1)}, p95 ${p95.toFixed(1)}, p99 ${p99.toFixed(1)}`;
}

function ratio(value: number): string {
  return `${value.toFixed(2)} ×`;
}

function store(report: unknown): void {
  const folder = path.join(HOME, 'bench');
  mkdirSync(folder, { recursive: true });
  const target = path.join(folder, `durability-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`);
  writeFileSync(target, `${JSON.stringify(report, null, 2)}\n`);
  say(`Written to ${target}`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
