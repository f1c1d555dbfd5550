import type { Axis } from './axis.ts';
import type { Points } from './points.ts';

/** A range without steps is cut into so many. */
const STEPS = 20;

export interface Neighbourhoods {
  /** Mean score of each point and its neighbours, of those that have one; NaN where the point has none. */
  mean: Float64Array;
  /** Neighbours of each point. */
  neighbours: Float64Array;
}

/**
 * What lies around each point: those one step away along one axis, and others in the same place. A point that is much better than its neighbourhood is a lonely peak.
 * Words have no neighbours.
 */
export function neighbourhoods(axes: readonly Axis[], { count, columns }: Points, scores: Float64Array): Neighbourhoods {
  const steps = axes.map(({ count: values }) => (values === Infinity ? STEPS : values));
  const cells = axes.map((axis, k) => Float64Array.from(columns[k]!.subarray(0, count), (at) => cellOf(axis, at)));
  // Beyond the whole numbers that a double holds, cells are told apart by text.
  const isCountable = steps.reduce((product, each) => product * each, 1) < Number.MAX_SAFE_INTEGER;
  const nameOf = (row: number, along: number, by: number): number | string => {
    const at = (k: number): number => cells[k]![row]! + (k === along ? by : 0);
    return isCountable ? steps.reduce((sum, each, k) => sum * each + at(k), 0) : steps.map((_, k) => at(k)).join();
  };
  const sums = new Map<number | string, { sum: number; scored: number; points: number }>();
  for (let row = 0; row < count; row++) {
    const name = nameOf(row, -1, 0);
    const cell = sums.get(name) ?? { sum: 0, scored: 0, points: 0 };
    const score = scores[row]!;
    cell.points++;
    if (!Number.isNaN(score)) {
      cell.sum += score;
      cell.scored++;
    }
    sums.set(name, cell);
  }
  const mean = new Float64Array(count);
  const neighbours = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const own = sums.get(nameOf(row, -1, 0))!;
    const around = axes.flatMap((axis, k) =>
      [-1, 1].flatMap((by) => {
        const cell = cells[k]![row]! + by;
        const found = axis.isOrdered && cell >= 0 && cell < steps[k]! ? sums.get(nameOf(row, k, by)) : undefined;
        return found === undefined ? [] : [found];
      }),
    );
    const all = [own, ...around];
    mean[row] = Number.isNaN(scores[row]) ? NaN : total(all, 'sum') / total(all, 'scored');
    neighbours[row] = total(all, 'points') - 1;
  }
  return { mean, neighbours };
}

function cellOf({ count, indexOf, placeOf }: Axis, at: number): number {
  return count === Infinity ? Math.min(STEPS - 1, Math.floor(placeOf(at) * STEPS)) : indexOf(at);
}

function total<Name extends string>(cells: readonly Readonly<Record<Name, number>>[], name: Name): number {
  return cells.reduce((sum, cell) => sum + cell[name], 0);
}
