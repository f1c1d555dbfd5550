import type { Dimension } from '../../shared/sweep-spec.ts';

/** One parameter of a search. A coordinate is the number of a value in a list, or the value itself in a range. */
export interface Axis {
  readonly name: string;
  /** How many values there are; Infinity for any number of a range. */
  readonly count: number;
  /** Whether values lie between others: false for words. */
  readonly isOrdered: boolean;
  /** Coordinate of the k-th value of `count`. */
  readonly at: (k: number) => number;
  /** Which of the values a coordinate is; NaN where they cannot be counted. */
  readonly indexOf: (coordinate: number) => number;
  /** Where a coordinate lies between the first value (0) and the last (1), as the scale counts. */
  readonly placeOf: (coordinate: number) => number;
  /** The coordinate for a uniform number in [0, 1): each value, or on a log scale each place, is as likely as another. */
  readonly draw: (uniform: number) => number;
  /** The coordinate that is nearest to a place. */
  readonly nearest: (place: number) => number;
  readonly valueOf: (coordinate: number) => number | string;
}

/** The axes of a space, in the order of their names, so that a search does not depend on how it was written. */
export function axesOf(space: Readonly<Record<string, Dimension>>): Axis[] {
  const names = Object.keys(space).sort();
  return names.map((name) => {
    const dimension = space[name]!;
    return 'values' in dimension ? listAxis(name, dimension.values) : rangeAxis(name, dimension);
  });
}

/** Of how many points a space consists; Infinity for a continuous one. */
export function sizeOf(axes: readonly Axis[]): number {
  return axes.reduce((size, { count }) => size * count, 1);
}

function listAxis(name: string, values: readonly (number | string)[]): Axis {
  const last = Math.max(1, values.length - 1);
  return {
    name,
    count: values.length,
    isOrdered: values.every((value) => typeof value === 'number'),
    at: (k) => k,
    indexOf: (coordinate) => coordinate,
    placeOf: (coordinate) => coordinate / last,
    draw: (uniform) => Math.floor(uniform * values.length),
    nearest: (place) => Math.min(values.length - 1, Math.max(0, Math.round(place * last))),
    valueOf: (coordinate) => values[coordinate]!,
  };
}

function rangeAxis(name: string, { min, max, step, log }: Extract<Dimension, { min: number }>): Axis {
  const scaled = (value: number): number => (log ? Math.log(value) : value);
  const unscaled = (value: number): number => (log ? Math.exp(value) : value);
  const start = scaled(min);
  const width = scaled(max) - start;
  // A little more than a whole number of steps is meant to be one: 0.1 to 0.3 by 0.1.
  const steps = step === undefined ? Infinity : Math.floor((max - min) / step + 1e-9);
  const at = (k: number): number => tidy(min + k * step!);
  const indexOf = (coordinate: number): number => (step === undefined ? NaN : Math.round((coordinate - min) / step));
  const count = min === max ? 1 : steps + 1;
  const nearest = (place: number): number => {
    const value = Math.min(max, Math.max(min, unscaled(start + place * width)));
    return step === undefined ? value : at(Math.min(steps, Math.max(0, indexOf(value))));
  };
  return {
    name,
    count,
    isOrdered: true,
    at: count === 1 ? () => min : at,
    indexOf: count === 1 ? () => 0 : indexOf,
    placeOf: (coordinate) => (width === 0 ? 0 : (scaled(coordinate) - start) / width),
    draw: (uniform) => (log || count === Infinity || count === 1 ? nearest(uniform) : at(Math.floor(uniform * count))),
    nearest,
    valueOf: (coordinate) => coordinate,
  };
}

/** 0.1 + 2 × 0.1 is to be 0.3, as whoever asked for it would write it. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
