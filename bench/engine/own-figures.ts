import { PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { INDICATORS } from '../../engine/indicators/catalog.ts';
import { computeIndicator } from '../../engine/indicators/compute.ts';
import type { IndicatorDefinition } from '../../engine/indicators/indicator.ts';
import type { Bars } from '../../shared/bars.ts';
import { randomWalk, unseen } from './bars-file.ts';
import { movingAverageTrader } from './crossing-trader.ts';
import { divideByBar, readColumns } from './floors.ts';
import { crossing, finishRun, runOnce, simulateOnly, type Pair } from './work.ts';

/** What costs how much in the engine itself, as JSON on standard output: node own-figures.ts LARGEST, the bars of the longest run. */

const PAIR: Pair = [10, 30];
/** Of an indicator that has no default for them. */
const WINDOW = 20;

export interface Cost {
  bars: number;
  /** Processor time of all threads. */
  nsPerBar: number;
  /** Share of the time that the garbage collector took. */
  gcShare: number;
}

export interface OwnFigures {
  backtest: Cost[];
  /** Of a backtest: its indicators, signals, orders and curve, but no metric. */
  simulation: Cost;
  trader: Cost;
  indicators: Record<string, number>;
  floors: { readColumns: Cost; divideByBar: Cost };
}

const collections: PerformanceEntry[] = [];
new PerformanceObserver((list) => collections.push(...list.getEntries())).observe({ entryTypes: ['gc'] });

const largest = Number(process.argv[2]);
const middle = largest / 10;
const bars = randomWalk(middle);
const figures: OwnFigures = {
  backtest: [
    await cost(first(bars, middle / 10), 100, (fresh) => runOnce(fresh, PAIR)),
    await cost(bars, 40, (fresh) => runOnce(fresh, PAIR)),
    await cost(randomWalk(largest), 3, (fresh) => runOnce(fresh, PAIR)),
  ],
  simulation: await cost(bars, 20, (fresh) => simulateOnly(fresh, crossing(fresh, PAIR))),
  trader: await cost(bars, 12, (fresh) => finishRun(fresh, { trader: movingAverageTrader(PAIR) })),
  indicators: await indicatorCosts(first(bars, middle / 5)),
  floors: { readColumns: await cost(bars, 7, readColumns), divideByBar: await cost(bars, 7, divideByBar) },
};
process.stdout.write(`${JSON.stringify(figures)}\n`);

/** The best of `times` runs after one that only warms up. */
async function cost(from: Bars, times: number, work: (bars: Bars) => unknown): Promise<Cost> {
  work(unseen(from));
  const runs: { cpuNs: number; gcShare: number }[] = [];
  for (let k = 0; k < times; k++) {
    const fresh = unseen(from);
    const start = performance.now();
    const cpu = process.cpuUsage();
    work(fresh);
    const { user, system } = process.cpuUsage(cpu);
    const end = performance.now();
    // The observer is told of collections in a later turn of the event loop.
    await nextTurn();
    await nextTurn();
    const gcMs = collections
      .filter(({ startTime }) => startTime >= start && startTime < end)
      .reduce((sum, { duration }) => sum + duration, 0);
    runs.push({ cpuNs: 1000 * (user + system), gcShare: gcMs / (end - start) });
  }
  const best = runs.reduce((a, b) => (b.cpuNs < a.cpuNs ? b : a));
  return { bars: from.ts.length, nsPerBar: best.cpuNs / from.ts.length, gcShare: best.gcShare };
}

async function indicatorCosts(from: Bars): Promise<Record<string, number>> {
  const costs: Record<string, number> = {};
  for (const [name, indicator] of INDICATORS) {
    costs[name] = (await cost(from, 3, (fresh) => computeIndicator(indicator, inputsOf(indicator, fresh), windowsOf(indicator)))).nsPerBar;
  }
  return costs;
}

function inputsOf({ series, columns }: IndicatorDefinition, fresh: Bars): Float64Array[] {
  return [...[fresh.close, fresh.open].slice(0, series), ...columns.map((column) => fresh[column])];
}

function windowsOf({ params }: IndicatorDefinition): number[] {
  return params.map((param) => param.default ?? Math.min(param.max, Math.max(param.min, WINDOW)));
}

function first({ symbol, ts, open, high, low, close, volume }: Bars, count: number): Bars {
  const part = (column: Float64Array) => column.subarray(0, count);
  return { symbol, ts: part(ts), open: part(open), high: part(high), low: part(low), close: part(close), volume: part(volume) };
}
