import { nextUniform, seededState } from '../seeded-random.ts';
import { sizeOf, type Axis } from './axis.ts';
import { createPointList, paramsAt, type Admits, type Points } from './points.ts';

/** Points of a space in a fixed order, without repeats, as far as anyone has asked: the first so many do not depend on how many follow. */
export interface Sequence {
  /** Points that are known. */
  readonly known: number;
  /** Whether there are no others. */
  readonly ended: boolean;
  /** Looks at so many more candidates. */
  grow(candidates: number): void;
  /** The points [from, to), fewer where the sequence ends. */
  points(from: number, to: number): Points;
}

export interface SequenceOptions {
  axes: readonly Axis[];
  order: 'grid' | 'random';
  /** An integer from 0 to 2^32 - 1. */
  seed: number;
  /** Which points may be tried. */
  admits: Admits;
}

/** A space of up to so many points is gone through as a whole. */
export const COUNTABLE = 1_000_000;
/** Of a larger one points are drawn, until so many in a row were drawn before or may not be tried. */
const MOST_MISSES = 100_000;
const CANDIDATES = 4_096;

export function createSequence({ axes, order, seed, admits }: SequenceOptions): Sequence {
  const size = sizeOf(axes);
  if (order === 'grid') return admitted(axes, admits, inOrder(axes, size));
  return admitted(axes, admits, size <= COUNTABLE ? shuffled(axes, size, seed) : drawn(axes, size, seed));
}

/** Gives candidate after candidate into `point`. */
interface Candidates {
  next(point: Float64Array): 'point' | 'seen' | 'end';
  /** So many in a row that were of no use are the end, too. */
  readonly mostMisses: number;
}

function admitted(axes: readonly Axis[], admits: Admits, candidates: Candidates): Sequence {
  const list = createPointList(axes);
  const point = new Float64Array(axes.length);
  const one = { count: 1, columns: axes.map((_, k) => point.subarray(k, k + 1)) };
  let ended = false;
  let misses = 0;
  const grow = (count: number): void => {
    for (let i = 0; i < count && !ended; i++) {
      const next = candidates.next(point);
      if (next === 'point' && admits(paramsAt(axes, one, 0))) {
        list.add(point);
        misses = 0;
      } else misses++;
      ended = next === 'end' || misses >= candidates.mostMisses;
    }
  };
  return {
    get known() {
      return list.count;
    },
    get ended() {
      return ended;
    },
    grow,
    points(from, to) {
      while (list.count < to && !ended) grow(CANDIDATES);
      return list.slice(Math.min(from, list.count), Math.min(to, list.count));
    },
  };
}

/** The last axis changes first. */
function setTo(point: Float64Array, axes: readonly Axis[], index: number): void {
  let rest = index;
  for (let k = axes.length - 1; k >= 0; k--) {
    const axis = axes[k]!;
    point[k] = axis.at(rest % axis.count);
    rest = Math.floor(rest / axis.count);
  }
}

function inOrder(axes: readonly Axis[], size: number): Candidates {
  let index = 0;
  return {
    mostMisses: Infinity,
    next(point) {
      if (index >= size) return 'end';
      setTo(point, axes, index++);
      return 'point';
    },
  };
}

/** Each order is as likely as any other: R. Durstenfeld, Algorithm 235, Communications of the ACM 7(7), 1964, from the front and as far as is needed. */
function shuffled(axes: readonly Axis[], size: number, seed: number): Candidates {
  const random = seededState(seed);
  const rest = Uint32Array.from({ length: size }, (_, index) => index);
  let done = 0;
  return {
    mostMisses: Infinity,
    next(point) {
      if (done >= size) return 'end';
      const other = done + Math.floor(nextUniform(random) * (size - done));
      const index = rest[other]!;
      rest[other] = rest[done]!;
      rest[done++] = index;
      setTo(point, axes, index);
      return 'point';
    },
  };
}

/** Each place along the scales is as likely. Points that can be counted are not drawn twice; of a continuous space nobody draws the same twice. */
function drawn(axes: readonly Axis[], size: number, seed: number): Candidates {
  const random = seededState(seed);
  const seen = size <= Number.MAX_SAFE_INTEGER ? new Set<number>() : null;
  return {
    mostMisses: MOST_MISSES,
    next(point) {
      axes.forEach((axis, k) => (point[k] = axis.draw(nextUniform(random))));
      if (seen === null) return 'point';
      const index = axes.reduce((sum, axis, k) => sum * axis.count + axis.indexOf(point[k]!), 0);
      if (seen.has(index)) return 'seen';
      seen.add(index);
      return 'point';
    },
  };
}
