import type { Axis } from './axis.ts';

/** Points of a space: a column of coordinates an axis. */
export interface Points {
  readonly count: number;
  readonly columns: readonly Float64Array[];
}

/** A condition between parameters. */
export type Admits = (params: Readonly<Record<string, number | string>>) => boolean;

/** The parameters of one point. */
export function paramsAt(axes: readonly Axis[], { columns }: Points, row: number): Record<string, number | string> {
  return Object.fromEntries(axes.map((axis, k) => [axis.name, axis.valueOf(columns[k]![row]!)]));
}

/** Points one after the other, in columns that grow. */
export function createPointList(axes: readonly Axis[]) {
  let columns: Float64Array[] = axes.map(() => new Float64Array(1_024));
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(coordinates: ArrayLike<number>): void {
      if (count === columns[0]?.length) columns = columns.map(doubled);
      columns.forEach((column, k) => (column[count] = coordinates[k]!));
      count++;
    },
    /** The points [from, to), as views. */
    slice: (from: number, to: number): Points => ({
      count: Math.max(0, to - from),
      columns: columns.map((column) => column.subarray(from, Math.max(from, to))),
    }),
  };
}

function doubled(column: Float64Array): Float64Array {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
}
