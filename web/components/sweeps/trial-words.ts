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
