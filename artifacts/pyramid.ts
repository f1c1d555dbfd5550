import { FINISHED_CURVE_COLUMNS, type FinishedCurveBlock } from '../shared/series.ts';

/** Bars of a bucket in the finest level; more where the finest level would have more than so many buckets, since it is made in memory. */
const FINEST_BUCKET = 64;
const MOST_BUCKETS = 500_000;
/** How much coarser each level is than the one before. */
const COARSENING = 4;
/** A level of at most so many points is the last. */
const COARSEST_POINTS = 2_000;
/** A curve of fewer points is drawn as it is. */
const SHORT_CURVE = 4_000;
const POINTS_PER_BUCKET = 4;

export interface Pyramid {
  /** Takes the next points of the curve, in bar order. */
  add(block: FinishedCurveBlock): void;
  /** Levels from fine to coarse; none for a short curve. */
  levels(): FinishedCurveBlock[];
}

/**
 * Thins a curve for charts: for each bucket of bars a level keeps its first, lowest, highest and last point by equity, in time order and
 * with all columns. Nothing is averaged, so peaks and falls stay at every zoom. How the curve was cut into blocks makes no difference.
 * `total`: how many bars there will be, where they may be very many.
 */
export function createPyramid(total = 0): Pyramid {
  let finestBucket = FINEST_BUCKET;
  while (total / finestBucket > MOST_BUCKETS) finestBucket *= COARSENING;
  const finest = createThinning(finestBucket);
  let bars = 0;
  return {
    add(block) {
      finest.add({ block, bars: countFrom(bars, block.ts.length) });
      bars += block.ts.length;
    },
    levels() {
      if (bars < SHORT_CURVE) return [];
      const levels = [finest.points()];
      for (let bucket = finestBucket * COARSENING; levels.at(-1)!.block.ts.length > COARSEST_POINTS; bucket *= COARSENING) {
        levels.push(thin(levels.at(-1)!, bucket));
      }
      return levels.map((level) => level.block);
    },
  };
}

/** The curve in at most `points` points (at least 4), with the extremes kept as in {@link createPyramid}; a shorter one as it is. */
export function downsample(block: FinishedCurveBlock, points: number): FinishedCurveBlock {
  const length = block.ts.length;
  if (length <= points) return block;
  const buckets = Math.max(1, Math.floor(points / POINTS_PER_BUCKET));
  return thin({ block, bars: countFrom(0, length) }, Math.ceil(length / buckets)).block;
}

/** Points of a curve, each with the number of its bar. */
interface Points {
  block: FinishedCurveBlock;
  bars: Float64Array;
}

/** One point: the number of its bar, then the columns of the curve. */
type Row = number[];

interface Bucket {
  number: number;
  first: Row;
  low: Row;
  high: Row;
  last: Row;
}

function thin(points: Points, bucketBars: number): Points {
  const thinning = createThinning(bucketBars);
  thinning.add(points);
  return thinning.points();
}

function createThinning(bucketBars: number) {
  const kept: number[][] = Array.from({ length: 1 + FINISHED_CURVE_COLUMNS.length }, () => []);
  let open: Bucket | null = null;

  function add(points: Points): void {
    const { bars } = points;
    const { equity } = points.block;
    for (let start = 0, end = 0; start < bars.length; start = end) {
      const number = Math.floor(bars[start]! / bucketBars);
      const firstBarAfter = (number + 1) * bucketBars;
      let low = start;
      let high = start;
      for (end = start + 1; end < bars.length && bars[end]! < firstBarAfter; end++) {
        if (equity[end]! < equity[low]!) low = end;
        if (equity[end]! > equity[high]!) high = end;
      }
      const row = (index: number): Row => [bars[index]!, ...FINISHED_CURVE_COLUMNS.map((name) => points.block[name][index]!)];
      merge({ number, first: row(start), low: row(low), high: row(high), last: row(end - 1) });
    }
  }

  /** A bucket may be cut by the end of a block: its parts are put together, the earlier of two equal extremes wins. */
  function merge(part: Bucket): void {
    if (open?.number !== part.number) {
      if (open !== null) keep(open);
      open = part;
      return;
    }
    if (equityOf(part.low) < equityOf(open.low)) open.low = part.low;
    if (equityOf(part.high) > equityOf(open.high)) open.high = part.high;
    open.last = part.last;
  }

  function keep({ first, low, high, last }: Bucket): void {
    const [earlier, later] = low[0]! < high[0]! ? [low, high] : [high, low];
    let lastBar = -1;
    for (const row of [first, earlier, later, last]) {
      if (row[0] === lastBar) continue;
      row.forEach((value, column) => kept[column]!.push(value));
      lastBar = row[0]!;
    }
  }

  function points(): Points {
    if (open !== null) keep(open);
    open = null;
    const [bars, ...columns] = kept.map((values) => new Float64Array(values));
    const block = Object.fromEntries(FINISHED_CURVE_COLUMNS.map((name, index) => [name, columns[index]])) as FinishedCurveBlock;
    return { block, bars: bars! };
  }

  return { add, points };
}

function equityOf(row: Row): number {
  return row[1 + FINISHED_CURVE_COLUMNS.indexOf('equity')]!;
}

function countFrom(first: number, length: number): Float64Array {
  const numbers = new Float64Array(length);
  for (let i = 0; i < length; i++) numbers[i] = first + i;
  return numbers;
}
