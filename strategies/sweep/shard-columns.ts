import { RUN_END } from '../../engine/sweep/event-run.ts';
import type { Points } from '../../engine/search/points.ts';
import type { MetricName } from '../../shared/metrics.ts';
import { QUICK_FIGURES } from '../../engine/sweep/trial-figures.ts';
import type { SweepSpec } from '../../shared/sweep-spec.ts';
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

const endNames = RUN_END.map((name) => `end.${name}`);

/** Whether the shards of a sweep say where its trials ended, behind their other columns: those of nights do, if the next one may go on there. */
export function keepsEnds({ data, search }: Pick<SweepSpec, 'data' | 'search'>, { figures }: Pick<SweepPlan, 'figures'>): boolean {
  const { symbols, universe, asOf } = data;
  return asOf !== undefined && symbols.length === 1 && universe === undefined && search.kind !== 'tpe' && figures === QUICK_FIGURES;
}

/** Names of the columns of a stored shard that {@link keepsEnds}. */
export function namesWithEnds(shape: Shape): string[] {
  return [...shardNames(shape), ...endNames];
}

/** NaN for a trial that has none. */
export function endColumns(ends: readonly (Float64Array | null)[]): Record<string, Float64Array> {
  return Object.fromEntries(endNames.map((name, k) => [name, Float64Array.from(ends, (end) => end?.[k] ?? NaN)]));
}

/** The inverse of {@link endColumns}, for one row. */
export function endAt(columns: Readonly<Record<string, Float64Array>>, row: number): Float64Array | null {
  const cash = columns[endNames[0]!]![row]!;
  return Number.isNaN(cash) ? null : Float64Array.from(endNames, (name) => columns[name]![row]!);
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
