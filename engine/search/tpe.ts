import { nextUniform, seededState, type RandomState } from '../seeded-random.ts';
import type { Axis } from './axis.ts';
import { createDensity, type Density } from './density.ts';
import { createPointList, paramsAt, type Admits, type Points } from './points.ts';
import type { Sequence } from './sequence.ts';

/** Trials that follow the same model; a shard does whole blocks. */
export const TPE_BLOCK = 16;
/** A block starting at trial k follows the trials below k - TPE_LAG alone, so that later ones need not be waited for: it is how many may be on their way. */
export const TPE_LAG = 64;
/** Trials before the first model. */
const LEAST_OBSERVED = 10;
/** Share of the trials that count as good, and how many of them at most. */
const GOOD = 0.1;
const MOST_GOOD = 25;
/** Of the others, evenly from best to worst: a model that grew with them would take longer than the trials. */
const MOST_OTHERS = 200;
/** Points drawn for a trial, of which the most promising is taken. */
const CANDIDATES = 24;

/** Trials that are done, and how good each is: the higher the better, NaN for none. */
export interface Observed {
  points: Points;
  scores: Float64Array;
}

export interface TpeOptions {
  axes: readonly Axis[];
  admits: Admits;
  seed: number;
  /** What is tried where nothing is known yet. */
  random: Sequence;
}

/**
 * The points of the block that starts at trial `start`, a multiple of {@link TPE_BLOCK}, given the trials below `start` - {@link TPE_LAG}. For each it draws
 * candidates from the density of what did well, and takes the one that is likeliest by it against the density of what did not. Parameters are taken as independent.
 * J. Bergstra, R. Bardenet, Y. Bengio and B. Kégl, Algorithms for Hyper-Parameter Optimization, NIPS 24, 2011; the sizes are those of Optuna's default.
 */
export function tpeBlock({ axes, admits, seed, random }: TpeOptions, start: number, observed: Observed): Points {
  const fallback = random.points(start, start + TPE_BLOCK);
  const model = modelOf(axes, observed);
  if (model === null) return fallback;
  const list = createPointList(axes);
  const seen = new Set(keysOf(observed.points));
  for (let k = 0; k < TPE_BLOCK; k++) {
    // A stream for each trial: what one draws does not move the next.
    const stream = seededState((seed ^ Math.imul(start + k + 1, 0x9e3779b1)) >>> 0);
    const point = bestCandidate({ axes, admits, model, seen }, stream);
    if (point !== null) {
      seen.add(point.join());
      list.add(point);
    } else if (k < fallback.count) list.add(fallback.columns.map((column) => column[k]!));
  }
  return list.slice(0, list.count);
}

interface Model {
  good: readonly Density[];
  others: readonly Density[];
}

function modelOf(axes: readonly Axis[], { points, scores }: Observed): Model | null {
  const ranked = [...scores.keys()].filter((row) => Number.isFinite(scores[row])).sort((a, b) => scores[b]! - scores[a]! || a - b);
  if (ranked.length < LEAST_OBSERVED) return null;
  const good = Math.min(Math.ceil(GOOD * ranked.length), MOST_GOOD);
  const others = evenly(ranked.slice(good), MOST_OTHERS);
  const densities = (rows: readonly number[]) =>
    axes.map((axis, k) =>
      createDensity(
        axis,
        rows.map((row) => points.columns[k]![row]!),
      ),
    );
  return { good: densities(ranked.slice(0, good)), others: densities(others) };
}

function evenly(rows: readonly number[], most: number): number[] {
  const count = Math.min(rows.length, most);
  return Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]!);
}

interface Choosing {
  axes: readonly Axis[];
  admits: Admits;
  model: Model;
  seen: ReadonlySet<string>;
}

/** Null where every candidate was tried before, or may not be. */
function bestCandidate({ axes, admits, model, seen }: Choosing, stream: RandomState): number[] | null {
  let best: number[] | null = null;
  let highest = -Infinity;
  for (let i = 0; i < CANDIDATES; i++) {
    const point = model.good.map((density) => density.draw(() => nextUniform(stream)));
    const gain = point.reduce((sum, at, k) => sum + model.good[k]!.log(at) - model.others[k]!.log(at), 0);
    if (
      gain <= highest ||
      seen.has(point.join()) ||
      !admits(paramsAt(axes, { count: 1, columns: point.map((at) => Float64Array.of(at)) }, 0))
    )
      continue;
    best = point;
    highest = gain;
  }
  return best;
}

function keysOf({ count, columns }: Points): string[] {
  return Array.from({ length: count }, (_, row) => columns.map((column) => column[row]!).join());
}
