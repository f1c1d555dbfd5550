import Table from 'cli-table3';
import type { Standing } from './contest.ts';
import type { Cost, OwnFigures } from './own-figures.ts';

/** A contest as a table. The ratios say how many times as long the others took as the first for the same work; ratios of processor time hold on a busy machine too. */
export function contestTable(title: string, standings: readonly Standing[]): string {
  const head = [
    '',
    'bars × trials',
    'best',
    'median',
    'per second',
    '× best',
    '× median',
    '× processor',
    'fresh process',
    'peak MB',
    'same result',
  ];
  const table = new Table({ head, style: { head: [], border: [] }, colAligns: ['left', ...head.slice(1).map(() => 'right' as const)] });
  const ours = costsOf(standings[0]!);
  for (const standing of standings) {
    const { name, work, freshSeconds, peakMb } = standing;
    const theirs = costsOf(standing);
    table.push([
      name,
      number(work),
      duration(theirs.best * work),
      duration(theirs.median * work),
      number(1 / theirs.best),
      ratio(theirs.best / ours.best),
      ratio(theirs.median / ours.median),
      ratio(theirs.processor / ours.processor),
      duration(freshSeconds),
      peakMb ?? '–',
      standing === standings[0] ? '–' : agreement(standing),
    ]);
  }
  return `${title}\n${table.toString()}`;
}

/** Seconds a bar and trial. */
function costsOf({ work, seconds, cpuSeconds }: Standing): { best: number; median: number; processor: number } {
  const sorted = seconds.toSorted((a, b) => a - b);
  return { best: sorted[0]! / work, median: sorted[Math.floor(sorted.length / 2)]! / work, processor: Math.min(...cpuSeconds) / work };
}

export function ownTables({ backtest, simulation, trader, indicators, floors }: OwnFigures): string {
  const table = new Table({
    head: ['one core, processor time of the best run', 'bars', 'ns a bar', 'bars/s', '× floor', 'collector'],
    style: { head: [], border: [] },
  });
  const row = (name: string, { bars, nsPerBar, gcShare }: Cost) =>
    table.push([
      name,
      number(bars),
      nsPerBar.toFixed(2),
      number(1e9 / nsPerBar),
      (nsPerBar / floors.divideByBar.nsPerBar).toFixed(1),
      `${(100 * gcShare).toFixed(1)} %`,
    ]);
  for (const cost of backtest) row('backtest, trades and all metrics', cost);
  row('of that, without metrics', simulation);
  row('trader asked at each bar', trader);
  row('floor: reading the columns', floors.readColumns);
  row('floor: one division a bar', floors.divideByBar);
  const sorted = Object.entries(indicators).sort(([, a], [, b]) => a - b);
  const [, median] = sorted[Math.floor(sorted.length / 2)]!;
  const listed = sorted.map(([name, ns]) => `${name} ${ns.toFixed(1)}`).join(', ');
  return `${table.toString()}\nIndicators, ns a bar (median ${median.toFixed(1)}): ${listed}`;
}

/** Most that the same trades may differ in their total return or drawdown, as a fraction. */
const APART = 1e-9;

/** Whether an engine did what ours did. One pair in a thousand may have crossed a bar apart: averages differ in their last digits. */
export function isSameWork({ agreement: { pairs, sameTrades, totalReturn, maxDrawdown } }: Standing): boolean {
  return sameTrades >= Math.ceil(pairs * 0.999) && Math.max(totalReturn, maxDrawdown) <= APART;
}

function agreement(standing: Standing): string {
  const { pairs, sameTrades, totalReturn, maxDrawdown } = standing.agreement;
  if (pairs === 0) return 'not compared';
  const apart = Math.max(totalReturn, maxDrawdown);
  const found = `${sameTrades} of ${pairs}, ± ${apart.toExponential(0)}`;
  return isSameWork(standing) ? found : `DIFFERS: ${found}`;
}

function ratio(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(value < 10 ? 2 : 0);
}

function duration(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toFixed(seconds < 0.1 ? 1 : 0)} ms` : `${seconds.toFixed(2)} s`;
}

function number(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(value >= 1e7 ? 0 : 1)} M`;
  return value >= 1e3 ? `${(value / 1e3).toFixed(0)} k` : value.toFixed(0);
}
