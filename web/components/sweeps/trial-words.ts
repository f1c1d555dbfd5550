import type { MetricInfo } from '#shared/metric-info.ts';
import { METRICS, type MetricName } from '#shared/metric-list.ts';
import type { SweepSpec } from '#shared/sweep-spec.ts';
import type { Trial } from '#shared/sweep.ts';
import { formatMetric, formatRatio } from '@/lib/format.ts';

/** How often running trials are looked at. */
export const LOOK_MS = 2_000;

/** The figures that every trial of a sweep has, objective first where it is none of them. */
export function figuresOf({ figures, objective }: SweepSpec): MetricName[] {
  const own = isMetric(objective.metric) ? [objective.metric] : [];
  return [...new Set<MetricName>([...own, 'totalReturn', 'sharpe', 'maxDrawdown', 'trades', ...figures])];
}

export function isMetric(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}

export function objectiveTitle({ metric }: SweepSpec['objective']): string {
  return isMetric(metric) ? METRICS[metric].title : metric;
}

/** A value of the objective or of a figure, in the unit that it has. */
export function formatFigure(value: number | null | undefined, metric: string): string {
  const info: MetricInfo | undefined = isMetric(metric) ? METRICS[metric] : undefined;
  return info === undefined ? formatRatio(value) : formatMetric(value, info);
}

const number = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });
export const formatParam = (value: number | string): string => (typeof value === 'number' ? number.format(value) : value);

export function paramsText(params: Trial['params']): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} ${formatParam(value)}`)
    .join(', ');
}

/** How a trial stands among those one step away from it. */
export type Standing = 'alone' | 'peak' | 'plateau' | 'none';

/** Neighbours that lose so much of the objective make a peak a lonely one. */
const LONELY = 0.5;

export function standingOf({ objective, robust, neighbours }: Trial, direction: 'max' | 'min'): Standing {
  if (objective === null || robust === null) return 'none';
  if (neighbours === 0) return 'alone';
  // `robust` counts the trial itself, too.
  const around = (robust * (neighbours + 1) - objective) / neighbours;
  const lost = direction === 'max' ? objective - around : around - objective;
  return lost > LONELY * Math.abs(objective) ? 'peak' : 'plateau';
}
