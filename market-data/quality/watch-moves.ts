import type { Bars } from '../../shared/bars.ts';
import type { Flaw } from './flaw.ts';
import { createMoveScale } from './move-scale.ts';
import { createSplitWatch } from './watch-splits.ts';

/** What the prices and volumes of one symbol look like, bar after bar, in the order of time. */
export interface MoveWatch {
  add(bars: Bars): void;
  finish(): Flaw[];
}

/** A close is an outlier where it lies on one side of both its neighbours, further from each than so many robust deviations ... */
const OUTLIER_DEVIATIONS = 15;
/** ... and so many times the average of the latest moves: a market in turmoil is no fault of the data. */
const OUTLIER_MOVES = 10;
/** Moves that the average is over (exponentially). */
const LATEST = 16;
/** Outliers that are kept until the scale is known; nobody needs a larger count. */
const MOST = 10_000;
/** Equal closes at the end that are called stale. */
const STALE_BARS = 10;

/** Places in the state, which lives in a typed array: numbers that a closure holds would be boxed at every bar. */
const [LAST, LAST_TS, LAST_MOVE, AVERAGE, AVERAGE_BEFORE] = [0, 1, 2, 3, 4];

export function createMoveWatch(): MoveWatch {
  const scale = createMoveScale();
  const splits = createSplitWatch();
  const spikes: { ts: number; size: number }[] = [];
  const stillness = createStillness();
  const state = new Float64Array(5).fill(NaN);

  function lookAtMoves({ ts, close }: Bars): void {
    let last = state[LAST]!;
    // Relative to the smaller of two closes, up is positive. NaN at the first bar: nothing is said of it.
    let lastMove = state[LAST_MOVE]!;
    let average = state[AVERAGE]!;
    let averageBefore = state[AVERAGE_BEFORE]!;
    for (let i = 0; i < ts.length; i++) {
      const price = close[i]!;
      // Without asking which of the two is smaller: the processor guesses wrong every other time.
      const up = price - last;
      const move = up / (price - 0.5 * (up + Math.abs(up)));
      const size = Math.abs(move);
      scale.add(size);
      const usual = OUTLIER_MOVES * averageBefore;
      const lastSize = Math.abs(lastMove);
      if (size > usual && lastSize > usual && move * lastMove < 0 && spikes.length < MOST)
        spikes.push({ ts: ts[i - 1] ?? state[LAST_TS]!, size: Math.min(size, lastSize) });
      averageBefore = average;
      average = average >= 0 ? average + (size - average) / LATEST : size;
      lastMove = move;
      last = price;
    }
    state.set([last, ts.at(-1) ?? state[LAST_TS]!, lastMove, average, averageBefore]);
  }

  function add(block: Bars): void {
    splits.add(block);
    stillness.add(block);
    lookAtMoves(block);
  }

  return {
    add,
    finish() {
      const usual = scale.beyond(OUTLIER_DEVIATIONS);
      const outliers = spikes.filter(({ size }) => size > usual);
      const text = 'closes that leave their neighbours and are back a bar later';
      const flaws: Flaw[] = [
        ...stillness.finish(),
        { check: 'outliers', count: outliers.length, first: outliers[0]?.ts ?? 0, text },
        { check: 'splits', ...splits.finish(scale), text: 'jumps of price and volume as in a split that no action names' },
      ];
      return flaws.filter(({ count }) => count > 0);
    },
  };
}

/** Bars without volume, and equal closes at the end. */
function createStillness() {
  const zero = { count: 0, first: 0 };
  const same = { count: 0, first: 0 };
  let bars = 0;
  let last = NaN;
  return {
    add({ ts, close, volume }: Bars): void {
      const rows = ts.length;
      if (rows === 0) return;
      for (let i = 0; i < rows; i++) if (volume[i] === 0 && zero.count++ === 0) zero.first = ts[i]!;
      const end = close[rows - 1]!;
      let equal = 1;
      while (equal < rows && close[rows - 1 - equal] === end) equal++;
      if (equal === rows && end === last) same.count += rows;
      else Object.assign(same, { count: equal, first: ts[rows - equal] });
      bars += rows;
      last = end;
    },
    finish(): Flaw[] {
      const percent = ((100 * zero.count) / bars).toFixed(1);
      return [
        { check: 'zeroVolume', ...zero, text: `bars (${percent} %) without volume` },
        { check: 'stale', count: same.count >= STALE_BARS ? same.count : 0, first: same.first, text: 'equal closes at the end' },
      ];
    },
  };
}
