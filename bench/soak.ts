import { readdirSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { holdfastSide } from './durability/contests.ts';
import { until } from './durability/measure.ts';
import { residentMegabytes, startBenchStack, type BenchStack } from './stack.ts';

/**
 * Row 28 of the fault list: an hour at a bounded rate, after which memory and handles are as flat as at its start, and what is stored has grown by the
 * run only. npm run soak [-- --minutes 60] [-- --rate 2]
 */

const { values: flags } = parseArgs({ options: { minutes: { type: 'string', default: '60' }, rate: { type: 'string', default: '2' } } });
const [MINUTES, RATE] = [Number(flags.minutes), Number(flags.rate)];
const PROCESSES = ['temporal', 'api', 'worker'] as const;
/** Code is compiled and caches are filled in the first part; what is compared begins behind it. */
const WARM_SHARE = 0.25;
/** Of the memory at the start of what is compared: a leak of an hour is more, garbage that waits is less. */
const MOST_GROWTH = { memory: 1.25, handles: 1.1 };
const SAMPLE_MS = 5_000;

interface Sample {
  minute: number;
  runs: number;
  memory: Record<string, number>;
  handles: Record<string, number>;
  bytes: Record<string, number>;
}

const stack = await startBenchStack();
try {
  const samples = await soak(stack);
  const from = samples.findIndex(({ minute }) => minute >= MINUTES * WARM_SHARE);
  const [first, last] = [samples.slice(from, from + 3), samples.slice(-3)];
  const faults = PROCESSES.flatMap((name) =>
    (['memory', 'handles'] as const).flatMap((what) => {
      const [before, after] = [median(first.map((sample) => sample[what][name]!)), median(last.map((sample) => sample[what][name]!))];
      print(`${name}: ${what} ${before} then, ${after} at the end`);
      return after > before * MOST_GROWTH[what] ? [`${what} of ${name} grew from ${before} to ${after}`] : [];
    }),
  );
  const [start, end] = [samples[from]!, samples.at(-1)!];
  const runs = end.runs - start.runs;
  for (const [name, bytes] of Object.entries(end.bytes)) print(`${name}: ${((bytes - start.bytes[name]!) / runs).toFixed(0)} bytes a run`);
  print(`${end.runs} runs in ${MINUTES} minutes, load ${os.loadavg()[0]!.toFixed(1)}`);
  for (const fault of faults) print(`NOT FLAT: ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
} finally {
  await stack.stop();
}

async function soak(of: BenchStack): Promise<Sample[]> {
  const side = holdfastSide(of.url);
  const start = performance.now();
  const minute = (): number => (performance.now() - start) / 60_000;
  const samples: Sample[] = [];
  const waiting = new Set<Promise<void>>();
  let [submitted, done, sampled] = [0, 0, -Infinity];
  while (minute() < MINUTES) {
    // A bounded rate, and no more at a time than come through: what is behind is not caught up.
    await delay(1_000 / RATE);
    if (waiting.size < 20 * RATE) {
      const run = oneRun(submitted++).then(() => {
        done += 1;
        waiting.delete(run);
      });
      waiting.add(run);
    }
    if (performance.now() - sampled < SAMPLE_MS) continue;
    sampled = performance.now();
    samples.push({ minute: minute(), runs: done, ...looked(of) });
  }
  await Promise.all(waiting);
  await delay(SAMPLE_MS);
  samples.push({ minute: minute(), runs: done, ...looked(of) });
  return samples;

  async function oneRun(k: number): Promise<void> {
    const address = await side.submit(k);
    await until(() => side.isDone(address), Boolean, 250);
  }
}

function looked(of: BenchStack): Pick<Sample, 'memory' | 'handles' | 'bytes'> {
  const each = (figure: (pid: number) => number) => Object.fromEntries(PROCESSES.map((name) => [name, figure(of.pidOf(name))]));
  return { memory: each(residentMegabytes), handles: each((pid) => readdirSync(`/proc/${pid}/fd`).length), bytes: of.storedBytes() };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
