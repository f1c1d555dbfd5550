import { createCheckpointStore } from '../artifacts/checkpoints.ts';
import { createChunkStore, type Chunk } from '../artifacts/chunks.ts';
import { downsample } from '../artifacts/pyramid.ts';
import { joined } from '../artifacts/recut.ts';
import { createSeriesStore, type SeriesStore } from '../artifacts/results.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { createCurveFinisher } from '../engine/finish-curve.ts';
import { plotNamesOf, tagsOf, type RunState } from '../engine/run-simulation.ts';
import type { FullRunRow } from '../results/runs.ts';
import { HoldfastError } from '../shared/errors.ts';
import {
  FINISHED_CURVE_COLUMNS,
  ORDER_COLUMNS,
  PLOT_COLUMNS,
  TRADE_COLUMNS,
  type FinishedCurveBlock,
  type OrderBlock,
  type PlotBlock,
  type RunWords,
  type TradeBlock,
  timedLines,
} from '../shared/series.ts';

/** Points of a curve that are read into memory at once, about 0.5 GB. */
const MOST_POINTS = 5_000_000;

interface CurveWanted {
  /** Half-open range of times, in ms. */
  start: number;
  end: number;
  /** At most so many points, extremes kept; all of them when undefined. */
  points: number | undefined;
}

/** The series of a run: of its result, or, where it has none, of what it simulated up to its last checkpoint. */
export interface RunSeries {
  curve(run: FullRunRow, wanted: CurveWanted): Promise<FinishedCurveBlock>;
  trades(run: FullRunRow): Promise<TradeBlock>;
  orders(run: FullRunRow): Promise<OrderBlock>;
  /** Tags and lines of the log. */
  words(run: FullRunRow): Promise<RunWords>;
  /** What the strategy noted; names are in the words. */
  plots(run: FullRunRow): Promise<PlotBlock>;
}

export function createRunSeries(artifacts: ArtifactStore): RunSeries {
  const series = createSeriesStore(artifacts);
  const checkpoints = createCheckpointStore(artifacts);
  const chunks = createChunkStore(artifacts);

  async function* chunksSoFar(run: FullRunRow): AsyncGenerator<Chunk> {
    if (run.checkpoint === null) return;
    const { chunk } = await checkpoints.read(run.checkpoint);
    yield* chunks.chain(chunk);
  }

  async function collect<Part>(run: FullRunRow, of: (chunk: Chunk) => Part): Promise<Part[]> {
    const parts: Part[] = [];
    for await (const chunk of chunksSoFar(run)) parts.push(of(chunk));
    return parts;
  }

  /** The benchmark would need the run's bars: it joins the curve with the result. */
  async function curveSoFar(run: FullRunRow, wanted: CurveWanted): Promise<FinishedCurveBlock> {
    const finish = createCurveFinisher({ cash: run.spec.account.cash, benchmark: null });
    const blocks: FinishedCurveBlock[] = [];
    let points = 0;
    for await (const chunk of chunksSoFar(run)) {
      const block = cut(finish(chunk.curve), wanted);
      points += block.ts.length;
      refuseTooLong(points, 'a part of it with from and to');
      blocks.push(block);
    }
    return joined(FINISHED_CURVE_COLUMNS, blocks);
  }

  async function fullCurve(run: FullRunRow, wanted: CurveWanted): Promise<FinishedCurveBlock> {
    if (run.result === null) return curveSoFar(run, wanted);
    refuseTooLong(run.result.curve.rows, 'fewer points with points=2000');
    return cut(await series.readCurve(run.result.curve), wanted);
  }

  return {
    async curve(run, wanted) {
      const block = (await fromPyramid(series, run, wanted)) ?? (await fullCurve(run, wanted));
      return wanted.points === undefined ? block : downsample(block, wanted.points);
    },
    async trades(run) {
      if (run.result !== null) return series.readTrades(run.result.trades);
      return joined(TRADE_COLUMNS, await collect(run, ({ trades }) => trades));
    },
    async orders(run) {
      if (run.result !== null) return series.readOrders(run.result.orders);
      return joined(ORDER_COLUMNS, await collect(run, ({ orders }) => orders));
    },
    async words(run) {
      if (run.result !== null) return series.readWords(run.result.logs);
      if (run.checkpoint === null) return { tags: [''], lines: [] };
      const { state } = await checkpoints.read(run.checkpoint);
      const [tags, plotNames] = [tagsOf(state as RunState), plotNamesOf(state as RunState)];
      return { tags, plotNames, lines: (await collect(run, timedLines)).flat() };
    },
    async plots(run) {
      if (run.result !== null) return run.result.plots ? series.readPlots(run.result.plots) : joined(PLOT_COLUMNS, []);
      return joined(
        PLOT_COLUMNS,
        (await collect(run, ({ plots }) => plots)).filter((each) => each !== undefined),
      );
    },
  };
}

/** The coarsest level of the pyramid with enough points in the range; null where the curve itself is to be read. */
async function fromPyramid(series: SeriesStore, run: FullRunRow, wanted: CurveWanted): Promise<FinishedCurveBlock | null> {
  const { points } = wanted;
  if (run.result === null || points === undefined) return null;
  const levels = (await series.readPyramid(run.result.pyramid)).map((level) => cut(level, wanted));
  const finest = run.result.curve.rows > MOST_POINTS ? levels[0] : undefined;
  return levels.findLast((level) => level.ts.length >= points) ?? finest ?? null;
}

function refuseTooLong(points: number, advice: string): void {
  if (points <= MOST_POINTS) return;
  throw new HoldfastError('invalid_request', `The curve has more than ${MOST_POINTS} points, too many for one answer. Ask for ${advice}.`);
}

function cut(block: FinishedCurveBlock, { start, end }: CurveWanted): FinishedCurveBlock {
  const first = firstAtOrAfter(block.ts, start);
  const last = firstAtOrAfter(block.ts, end);
  return Object.fromEntries(FINISHED_CURVE_COLUMNS.map((name) => [name, block[name].subarray(first, last)])) as FinishedCurveBlock;
}

function firstAtOrAfter(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
