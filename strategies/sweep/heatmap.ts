import type { Axis } from '../../engine/search/axis.ts';
import type { MetricName } from '../../shared/metrics.ts';
import type { SweepPlan } from './plan.ts';
import type { RankedTrials } from './ranked-trials.ts';

/** A range without steps, or with more than this, is cut into so many. */
const MOST_CELLS = 100;
const CELLS = 20;

interface Side {
  param: string;
  /** What the columns or rows stand for: values, or the lower ends of ranges. */
  values: (number | string)[];
  /** Whether each stands for a range up to the next value. */
  isRange: boolean;
}

export interface Heatmap {
  x: Side;
  y: Side;
  /** By y, then by x; over all trials of a cell, whatever their other parameters. Null where there is none with a value. */
  mean: (number | null)[][];
  best: (number | null)[][];
  trials: number[][];
}

/** A figure by two parameters. `lower` says that less is better. */
export function heatmapOf(
  { axes }: SweepPlan,
  { points, objective, figures }: RankedTrials,
  { x, y, metric, lower }: { x: string; y: string; metric: MetricName | 'objective'; lower: boolean },
): Heatmap {
  const [across, up] = [sideOf(axes, x), sideOf(axes, y)];
  const values = metric === 'objective' ? objective : figures[metric]!;
  const cells = Array.from(up.side.values, () => Array.from(across.side.values, () => ({ sum: 0, count: 0, best: NaN, trials: 0 })));
  for (let row = 0; row < points.count; row++) {
    const cell = cells[up.cellOf(points.columns[up.index]![row]!)]![across.cellOf(points.columns[across.index]![row]!)]!;
    const value = values[row]!;
    cell.trials++;
    if (Number.isNaN(value)) continue;
    cell.sum += value;
    cell.count++;
    cell.best = Number.isNaN(cell.best) ? value : lower ? Math.min(cell.best, value) : Math.max(cell.best, value);
  }
  return {
    x: across.side,
    y: up.side,
    mean: cells.map((line) => line.map(({ sum, count }) => (count === 0 ? null : sum / count))),
    best: cells.map((line) => line.map(({ best }) => (Number.isNaN(best) ? null : best))),
    trials: cells.map((line) => line.map(({ trials }) => trials)),
  };
}

function sideOf(axes: readonly Axis[], param: string) {
  const index = axes.findIndex(({ name }) => name === param);
  const axis = axes[index]!;
  const isRange = axis.count > MOST_CELLS;
  const count = isRange ? CELLS : axis.count;
  const values = Array.from({ length: count }, (_, k) => axis.valueOf(isRange ? axis.nearest(k / count) : axis.at(k)));
  const cellOf = (at: number): number => (isRange ? Math.min(count - 1, Math.floor(axis.placeOf(at) * count)) : axis.indexOf(at));
  return { index, side: { param, values, isRange }, cellOf };
}
