import { createPyramid } from '../artifacts/pyramid.ts';
import { createSeriesStore } from '../artifacts/results.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { sampleResult } from '../results/sample-result.ts';
import type { StoredResult } from '../shared/run.ts';
import { TRADE_COLUMNS, type FinishedCurveBlock, type TradeBlock } from '../shared/series.ts';

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

/** A result whose series are really stored. */
export async function storedResult(
  artifacts: ArtifactStore,
  equity: readonly number[],
  rows: readonly TradeRow[] = [],
): Promise<StoredResult> {
  const series = createSeriesStore(artifacts);
  const curve = curveOf(equity);
  const pyramid = createPyramid();
  pyramid.add(curve);
  return {
    ...sampleResult,
    curve: await series.writeCurve('local', blocks(curve)),
    trades: await series.writeTrades('local', blocks(tradesOf(rows))),
    pyramid: await series.writePyramid('local', pyramid.levels()),
  };
}

async function* blocks<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}
