import type { Bars, CorporateActions } from '../../shared/bars.ts';
import type { MoveScale } from './move-scale.ts';

/** Looks for splits that nobody has named in the bars of one symbol. */
export interface SplitWatch {
  add(bars: Bars): void;
  finish(scale: MoveScale): { count: number; first: number };
}

/** New shares for an old one, or the other way round. */
const RATIOS = [1.5, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 50, 100];
/** What the open may differ from the ratio by. */
const OPEN_TOLERANCE = 0.03;
/** And the close of that bar. */
const CLOSE_TOLERANCE = 0.15;
/** And all closes up to a few bars before and after: a price that comes back was no split. */
const LEVEL_TOLERANCE = 0.3;
/** Bars before and after whose volumes are compared. */
const VOLUME_BARS = 5;
/** Times that the volume may differ from the inverse of the price. */
const VOLUME_TOLERANCE = 2.5;
/** A market in which such a move is nothing unusual tells no splits. */
const DEVIATIONS = 8;
/** Below this a move is no split. */
const SMALLEST = 1.4;

interface Candidate {
  ts: number;
  ratio: number;
  /** Of the bar before. */
  close: number;
  /** 1 for more shares, -1 for fewer. */
  direction: 1 | -1;
  before: number;
  after: number;
  /** Bars whose volume is still to be added. */
  awaited: number;
}

export function createSplitWatch(): SplitWatch {
  const found: Candidate[] = [];
  /** The last ones of the blocks before. */
  let volumes = new Float64Array(0);
  let pending: Candidate[] = [];
  /** The last close, its time, and the close before. */
  const last = new Float64Array(3).fill(NaN);
  let known: CorporateActions | undefined;

  function look(block: Bars, i: number): void {
    const open = block.open[i]!;
    const close = i > 0 ? block.close[i - 1]! : last[0]!;
    const closedAt = i > 0 ? block.ts[i - 1]! : last[1]!;
    const direction = open < close ? 1 : -1;
    const ratio = RATIOS.find((each) => isNear(change(close, open), each, OPEN_TOLERANCE));
    if (ratio === undefined || !isNear(change(close, block.close[i]!), ratio, CLOSE_TOLERANCE)) return;
    const earlier = i > 1 ? block.close[i - 2]! : i > 0 ? last[0]! : last[2]!;
    if (change(earlier, open) < ratio * (1 - LEVEL_TOLERANCE)) return;
    const isNamed = known?.splits.ts.some((ts) => ts > closedAt && ts <= block.ts[i]!) ?? false;
    if (isNamed) return;
    const held = lastVolumes(volumes, block.volume, i);
    const before = held.reduce((sum, volume) => sum + volume, 0) / held.length;
    pending.push({ ts: block.ts[i]!, close, ratio, direction, before, after: 0, awaited: VOLUME_BARS });
  }

  function follow(close: number, volume: number): void {
    pending = pending.filter((each) => isNear(change(each.close, close), each.ratio, LEVEL_TOLERANCE));
    for (const each of pending) {
      each.after += volume;
      each.awaited--;
    }
    found.push(...pending.filter(({ awaited }) => awaited === 0));
    pending = pending.filter(({ awaited }) => awaited > 0);
  }

  return {
    add(block) {
      known = block.actions ?? known;
      const { ts, open, close, volume } = block;
      let before = last[0]!;
      for (let i = 0; i < ts.length; i++) {
        const first = open[i]!;
        if (first > before * SMALLEST || first * SMALLEST < before) look(block, i);
        if (pending.length > 0) follow(close[i]!, volume[i]!);
        before = close[i]!;
      }
      volumes = lastVolumes(volumes, volume, ts.length);
      if (ts.length > 0) last.set([before, ts.at(-1)!, ts.length > 1 ? close.at(-2)! : last[0]!]);
    },
    finish(scale) {
      const usual = scale.beyond(DEVIATIONS);
      const splits = [...found, ...pending].filter((each) => each.ratio - 1 > usual && hasVolumeOfSplit(each));
      return { count: splits.length, first: splits[0]?.ts ?? 0 };
    },
  };
}

/** Those of the bars before a row of a block. */
function lastVolumes(earlier: Float64Array, volume: Float64Array, row: number): Float64Array<ArrayBuffer> {
  const own = volume.subarray(Math.max(0, row - VOLUME_BARS), row);
  const missing = VOLUME_BARS - own.length;
  return Float64Array.of(...(missing > 0 ? earlier.subarray(Math.max(0, earlier.length - missing)) : []), ...own);
}

/** Of the larger price to the smaller. */
function change(a: number, b: number): number {
  return a > b ? a / b : b / a;
}

function isNear(value: number, wanted: number, tolerance: number): boolean {
  return Math.abs(value / wanted - 1) <= tolerance;
}

/** Twice the shares, twice the volume. Where there is no volume, the price alone has to tell. */
function hasVolumeOfSplit({ before, after, awaited, ratio, direction }: Candidate): boolean {
  const mean = after / (VOLUME_BARS - awaited);
  if (before === 0 && mean === 0) return true;
  const grown = (direction > 0 ? mean / before : before / mean) / ratio;
  return grown >= 1 / VOLUME_TOLERANCE && grown <= VOLUME_TOLERANCE;
}
