import { createPyramid } from '../artifacts/pyramid.ts';
import { createSeriesStore } from '../artifacts/results.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { createTables } from '../engine/metrics/tables/tables.ts';
import { sampleResult } from '../results/sample-result.ts';
import type { StoredResult } from '../shared/run.ts';
import {
  ORDER_COLUMNS,
  TRADE_COLUMNS,
  type FinishedCurveBlock,
  type OrderBlock,
  type RunWords,
  type TradeBlock,
} from '../shared/series.ts';
import { MetricSpec } from '../shared/spec.ts';
import type { AnalysisTables } from '../shared/tables.ts';

const DAY_MS = 86_400_000;

/** A curve of daily points from 2004-01-01 on, all in cash. */
export function curveOf(equity: readonly number[]): FinishedCurveBlock {
  const column = (value: (index: number) => number): Float64Array => Float64Array.from(equity, (_, index) => value(index));
  let peak = -Infinity;
  return {
    ts: column((index) => Date.UTC(2004, 0, 1) + index * DAY_MS),
    equity: Float64Array.from(equity),
    cash: Float64Array.from(equity),
    exposure: column(() => 0),
    drawdown: column((index) => {
      peak = Math.max(peak, equity[index]!);
      return equity[index]! / peak - 1;
    }),
    benchmark: column(() => NaN),
  };
}

export type TradeRow = Record<(typeof TRADE_COLUMNS)[number], number>;

export function tradesOf(rows: readonly TradeRow[]): TradeBlock {
  return Object.fromEntries(TRADE_COLUMNS.map((name) => [name, Float64Array.from(rows, (row) => row[name])])) as TradeBlock;
}

type OrderRow = Record<(typeof ORDER_COLUMNS)[number], number>;

export function ordersOf(rows: readonly OrderRow[]): OrderBlock {
  return Object.fromEntries(ORDER_COLUMNS.map((name) => [name, Float64Array.from(rows, (row) => row[name])])) as OrderBlock;
}

function tablesOf(curve: FinishedCurveBlock): AnalysisTables {
  const tables = createTables({ cash: curve.equity[0] ?? 1, metrics: MetricSpec.parse({}) });
  tables.addCurve(curve);
  return tables.finish();
}

/** What a run did beside its curve. */
export interface Events {
  trades?: readonly TradeRow[];
  orders?: readonly OrderRow[];
  words?: RunWords;
}

/** A result whose series are really stored. */
export async function storedResult(
  artifacts: ArtifactStore,
  equity: readonly number[],
  { trades = [], orders = [], words = { tags: [''], lines: [] } }: Events = {},
): Promise<StoredResult> {
  const series = createSeriesStore(artifacts);
  const curve = curveOf(equity);
  const pyramid = createPyramid();
  pyramid.add(curve);
  return {
    ...sampleResult,
    curve: await series.writeCurve('local', blocks(curve)),
    trades: await series.writeTrades('local', blocks(tradesOf(trades))),
    orders: await series.writeOrders('local', blocks(ordersOf(orders))),
    logs: await series.writeWords('local', words),
    tables: await series.writeTables('local', tablesOf(curve)),
    pyramid: await series.writePyramid('local', pyramid.levels()),
  };
}

async function* blocks<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}
