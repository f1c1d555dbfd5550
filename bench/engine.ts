import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { randomWalk, writeBars } from './engine/bars-file.ts';
import { contest, type Entry, type Standing } from './engine/contest.ts';
import { canPin, pinned, type Engine } from './engine/contestant.ts';
import type { Job } from './engine/job.ts';
import type { OwnFigures } from './engine/own-figures.ts';
import { peerEngine, preparePeers, writePeerBars, type PeerEnvironment } from './engine/peer-environment.ts';
import { contestTable, isSameWork, ownTables } from './engine/report.ts';
import { smaPairs } from './engine/pairs.ts';

/** How fast the engine is, beside what a user would run instead: npm run bench:engine [-- --quick] [-- --backtrader]. */

const { values: flags } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, backtrader: { type: 'boolean', default: false } },
});
const HOME = path.resolve(import.meta.dirname, '..', process.env.HOLDFAST_HOME ?? '.holdfast');
const CACHE = path.join(HOME, 'cache');
const SIZES = flags.quick
  ? { single: 100_000, sweep: 20_000, everyPair: 32, sample: 4, largest: 1_000_000 }
  : { single: 1_000_000, sweep: 100_000, everyPair: 1, sample: 24, largest: 10_000_000 };

const load = [os.loadavg()[0]!];
const peers = preparePeers(CACHE, say);
if ('missing' in peers) say(`Without other engines: ${peers.missing}.`);
const file = barsFile(peers);

const pairs = smaPairs().filter((_, k) => k % SIZES.everyPair === 0);
const single: Job = { file, bars: SIZES.single, cores: 1, pairs: [[10, 30]] };
const swept: Job = { file, bars: SIZES.sweep, cores: 1, pairs };

say('One backtest …');
const a1 = await contest(singleEntries(), single, say);
print(contestTable(`One SMA 10/30 backtest with its list of trades and all metrics, ${SIZES.single} bars, one core`, a1));
say('Sweep on one core …');
const a2 = await contest(sweepEntries(7, 2), swept, say);
print(contestTable(`Sweep of ${pairs.length} SMA pairs: return, Sharpe ratio, drawdown, trades; one core`, a2));
const a2Two = os.availableParallelism() < 2 ? [] : await sweepOnTwoCores();
say('What costs how much …');
const own = ownFigures();
print(ownTables(own));
load.push(os.loadavg()[0]!);
const machine = { cpu: os.cpus()[0]?.model ?? '', cores: os.availableParallelism(), node: process.version, pinned: canPin, load };
print(`Sharpe ratios differ by convention and are not compared: ours is of daily returns, vectorbt's and the kernel's of single bars.
${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${load.map((one) => one.toFixed(1)).join(' before, ')} after${canPin ? '' : ', not pinned to cores'}.`);
store({ at: new Date().toISOString(), quick: flags.quick, machine, single: a1, sweep: a2, sweepOnTwoCores: a2Two, own });

if (![...a1, ...a2, ...a2Two].every(isSameWork)) process.exitCode = 1;

async function sweepOnTwoCores(): Promise<Standing[]> {
  say('Sweep on two cores …');
  const standings = await contest(sweepEntries(5, 1), { ...swept, cores: 2 }, say);
  print(contestTable('The same on two cores (peak memory is of the main process)', standings));
  return standings;
}

function singleEntries(): Entry[] {
  const entries = [{ engine: ourEngine('single'), rounds: 9 }];
  if ('missing' in peers) return entries;
  const engine = peerEngine(peers, 'single');
  return [
    ...entries,
    { engine: engine('numba by hand', 'numba_kernel'), rounds: 9 },
    { engine: engine('raptorbt', 'raptorbt_peer'), rounds: 7 },
    { engine: engine('vectorbt (Rust)', 'vectorbt_rust_engine'), rounds: 5 },
    { engine: engine('vectorbt (numba)', 'vectorbt_numba'), rounds: 5 },
    { engine: engine('backtesting.py', 'backtesting_peer'), rounds: 0 },
    ...(flags.backtrader ? [{ engine: engine('backtrader', 'backtrader_peer'), rounds: 0, job: { bars: SIZES.single / 10 } }] : []),
  ];
}

function sweepEntries(quickRounds: number, slowRounds: number): Entry[] {
  const entries = [{ engine: ourEngine('sweep'), rounds: quickRounds }];
  if ('missing' in peers) return entries;
  const engine = peerEngine(peers, 'sweep');
  const sample = pairs.filter((_, k) => k % Math.ceil(pairs.length / SIZES.sample) === 0);
  return [
    ...entries,
    { engine: engine('numba by hand', 'numba_kernel'), rounds: quickRounds },
    { engine: engine('raptorbt batch', 'raptorbt_peer'), rounds: slowRounds },
    { engine: engine('vectorbt (numba), by 32', 'vectorbt_numba'), rounds: slowRounds },
    { engine: engine('backtesting.py, a sample', 'backtesting_peer'), rounds: 0, job: { pairs: sample } },
  ];
}

function ourEngine(task: string): Engine {
  return {
    name: 'Holdfast',
    command: [process.execPath, path.join(import.meta.dirname, 'engine/serve.ts'), task],
    // Compiled sources are kept on disk, as numba's kernels are.
    env: { NODE_COMPILE_CACHE: path.join(CACHE, 'bench-compiled') },
  };
}

/** Written once; a random walk of our own where there is no numpy. */
function barsFile(environment: PeerEnvironment): string {
  const target = path.join(CACHE, `bench-bars-${'missing' in environment ? 'own' : 'numpy'}-${SIZES.single}.f64`);
  if (existsSync(target)) return target;
  mkdirSync(CACHE, { recursive: true });
  const unfinished = `${target}.${process.pid}`;
  if ('missing' in environment) writeBars(unfinished, randomWalk(SIZES.single));
  else writePeerBars(environment, unfinished, SIZES.single);
  renameSync(unfinished, target);
  return target;
}

function ownFigures(): OwnFigures {
  const script = path.join(import.meta.dirname, 'engine/own-figures.ts');
  const [program, args] = pinned([process.execPath, script, String(SIZES.largest)], 1);
  return JSON.parse(execFileSync(program, args, { encoding: 'utf8' })) as OwnFigures;
}

function store(report: unknown): void {
  const folder = path.join(HOME, 'bench');
  mkdirSync(folder, { recursive: true });
  const target = path.join(folder, `engine-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`);
  writeFileSync(target, `${JSON.stringify(report, null, 2)}\n`);
  say(`Written to ${target}`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n\n`);
}
