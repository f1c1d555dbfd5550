import { indicatorsOf } from '../engine/run-simulation.ts';
import type { Bars } from '../shared/bars.ts';
import type { StrategySpec } from '../shared/spec.ts';
import { isBuiltIn, prepareDecider, type Surroundings } from '../strategies/catalog.ts';
import { moduleIndicatorColumns, type IndicatorUse } from '../strategies/module-indicators.ts';
import type { TimeRange } from './series-tables.ts';
import type { Table } from './stream-table.ts';

/** What a strategy noted of one symbol: values, each with the time of its bar, in their order. */
export interface Plot {
  name: string;
  ts: Float64Array;
  values: Float64Array;
}

/** Plain values, so that another thread can do it. */
export interface IndicatorTableInput {
  strategy: StrategySpec;
  /** Of all traded symbols. */
  bars: readonly Bars[];
  surroundings: Surroundings;
  /** Place of the symbol to show. */
  symbol: number;
  /** What a module has declared; it runs in a process of its own, and never where this does. */
  declared: Readonly<Record<string, IndicatorUse>>;
  plots: readonly Plot[];
  range: TimeRange & { points: number | undefined };
}

const PRICES = ['open', 'high', 'low', 'close', 'volume'] as const;

/** The bars of one symbol, and beside each what the strategy looked at and what it noted. */
export function indicatorTable(input: IndicatorTableInput): Table {
  const bars = input.bars[input.symbol]!;
  const rows = shownRows(bars, input.range);
  const picked = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]!);
  const plots = new Map(input.plots.map((plot) => [plot.name, notedAt(plot, rows, bars.ts)]));
  const computed = Object.entries(computedColumns(input)).filter(([name]) => !plots.has(name));
  const columns = [
    ...PRICES.map((name) => [name, picked(bars[name])] as const),
    ...Object.entries(bars.extra ?? {}).map(([name, column]) => [name, picked(column)] as const),
    ...computed.map(([name, column]) => [name, picked(column)] as const),
    ...plots,
  ];
  return {
    columns: [
      { name: 'time', kind: 'time', values: picked(bars.ts) },
      ...columns.map(([name, values]) => ({ name, kind: 'number' as const, values })),
    ],
    rows: rows.length,
  };
}

function computedColumns({ strategy, bars, surroundings, symbol, declared }: IndicatorTableInput): ReturnType<typeof indicatorsOf> {
  if (!isBuiltIn(strategy.name)) return moduleIndicatorColumns(declared, bars[symbol]!);
  return indicatorsOf(prepareDecider(strategy, bars, surroundings), symbol);
}

/** The bars in the range; of more than `points` those with the first, lowest, highest and last close of each bucket. */
function shownRows({ ts, close }: Bars, { start, end, points = Infinity }: TimeRange & { points: number | undefined }): Int32Array {
  const rows = Int32Array.from(ts.keys()).filter((row) => ts[row]! >= start && ts[row]! < end);
  if (rows.length <= points) return rows;
  const size = Math.ceil(rows.length / Math.max(1, Math.floor(points / 4)));
  const kept = new Set<number>();
  for (let from = 0; from < rows.length; from += size) {
    const bucket = rows.subarray(from, from + size);
    const low = bucket.reduce((best, row) => (close[row]! < close[best]! ? row : best));
    const high = bucket.reduce((best, row) => (close[row]! > close[best]! ? row : best));
    for (const row of [bucket[0]!, low, high, bucket.at(-1)!]) kept.add(row);
  }
  return Int32Array.from(kept).sort();
}

/** The value noted at each row; where rows were left out, the last one noted since the row before. */
function notedAt({ ts, values }: Plot, rows: Int32Array, times: Float64Array): Float64Array {
  const shown = new Float64Array(rows.length).fill(NaN);
  let next = 0;
  const start = rows.length === 0 ? Infinity : times[rows[0]!]!;
  while (next < ts.length && ts[next]! < start) next++;
  for (let i = 0; i < rows.length; i++) {
    const time = times[rows[i]!]!;
    for (; next < ts.length && ts[next]! <= time; next++) shown[i] = values[next]!;
  }
  return shown;
}
