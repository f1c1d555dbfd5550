import { normalCdf, normalDensity, normalQuantile } from '../metrics/normal.ts';
import type { Axis } from './axis.ts';

/** Where along an axis something was found. */
export interface Density {
  draw(uniform: () => number): number;
  /** Logarithm of the density at a coordinate. */
  log(coordinate: number): number;
}

/** A kernel is never narrower than this share of the axis divided by the number of kernels: Optuna's "magic clip". */
const MOST_KERNELS = 100;

/** A density that is higher where there are more of these coordinates, and nowhere 0: an even one counts as one of them. */
export function createDensity(axis: Axis, coordinates: readonly number[]): Density {
  return axis.isOrdered ? kernels(axis, coordinates) : shares(axis, coordinates);
}

/** Of words: their shares, each counted once more than it came. */
function shares({ count }: Axis, coordinates: readonly number[]): Density {
  const weights = new Float64Array(count).fill(1 / count);
  for (const coordinate of coordinates) weights[coordinate]!++;
  const total = coordinates.length + 1;
  return {
    draw(uniform) {
      let rest = uniform() * total;
      const found = weights.findIndex((weight) => (rest -= weight) < 0);
      return found < 0 ? count - 1 : found;
    },
    log: (coordinate) => Math.log(weights[coordinate]! / total),
  };
}

/** A bell around each, as wide as the gap to its neighbours, cut off at the ends of the axis; and one as wide as the axis. */
function kernels(axis: Axis, coordinates: readonly number[]): Density {
  const centres = coordinates.map((each) => axis.placeOf(each)).sort((a, b) => a - b);
  const narrowest = 1 / Math.min(MOST_KERNELS, 2 + centres.length);
  const widthAt = (i: number): number => {
    const gap = Math.max(centres[i]! - (centres[i - 1] ?? 0), (centres[i + 1] ?? 1) - centres[i]!);
    return Math.min(1, Math.max(narrowest, gap));
  };
  const bells = [bellOf(0.5, 1), ...centres.map((centre, i) => bellOf(centre, widthAt(i)))];
  return {
    draw(uniform) {
      const { centre, width, from, mass } = bells[Math.floor(uniform() * bells.length)]!;
      return axis.nearest(centre + width * normalQuantile(from + uniform() * mass));
    },
    log(coordinate) {
      const place = axis.placeOf(coordinate);
      const sum = bells.reduce((total, { centre, width, mass }) => total + normalDensity((place - centre) / width) / (width * mass), 0);
      return Math.log(sum / bells.length);
    },
  };
}

/** `from` and `mass`: the probabilities below the axis, and on it. */
function bellOf(centre: number, width: number) {
  const from = normalCdf(-centre / width);
  return { centre, width, from, mass: normalCdf((1 - centre) / width) - from };
}
