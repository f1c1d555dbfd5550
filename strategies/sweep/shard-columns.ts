import type { Points } from '../../engine/search/points.ts';
import type { MetricName } from '../../shared/metrics.ts';
import type { SweepPlan } from './plan.ts';

/** The rows of trials as they are stored: number, whether it was known, coordinates, figures. */
export interface TrialRows {
  trial: Float64Array;
  cached: Float64Array;
  points: Points;
  figures: Partial<Record<MetricName, Float64Array>>;
}

type Shape = Pick<SweepPlan, 'axes' | 'figures'>;

const pointName = (name: string): string => `point.${name}`;
const figureName = (name: MetricName): string => `figure.${name}`;

/** Names of the columns of a stored shard; a parameter may be called like a figure. */
export function shardNames({ axes, figures }: Shape): string[] {
  return ['trial', 'cached', ...axes.map(({ name }) => pointName(name)), ...figures.map(figureName)];
}

interface ShardRows {
  /** Number of the first trial. */
  first: number;
  points: Points;
  known: Uint8Array;
  figures: TrialRows['figures'];
}

export function shardColumns({ axes, figures }: Shape, rows: ShardRows): Record<string, Float64Array> {
  const { count, columns } = rows.points;
  return {
    trial: Float64Array.from({ length: count }, (_, row) => rows.first + row),
    cached: Float64Array.from(rows.known),
    ...Object.fromEntries(axes.map(({ name }, k) => [pointName(name), columns[k]!])),
    ...Object.fromEntries(figures.map((name) => [figureName(name), rows.figures[name]!])),
  };
}

/** The inverse of {@link shardColumns}. */
export function rowsIn({ axes, figures }: Shape, columns: Readonly<Record<string, Float64Array>>): TrialRows {
  return {
    trial: columns['trial']!,
    cached: columns['cached']!,
    points: { count: columns['trial']!.length, columns: axes.map(({ name }) => columns[pointName(name)]!) },
    figures: Object.fromEntries(figures.map((name) => [name, columns[figureName(name)]!])),
  };
}
