import * as z from 'zod';
import type { MetricInfo } from './metric-info.ts';
import { METRICS } from './metric-list.ts';

export { METRICS, type MetricName } from './metric-list.ts';

/** A figure that is defined for every run is a number; any other may be null. */
type Figure<Info extends MetricInfo> = Info extends { always: true } ? z.ZodNumber : z.ZodNullable<z.ZodNumber>;
type Figures<Infos extends Record<string, MetricInfo>> = { [Name in keyof Infos]: Figure<Infos[Name]> };

function figuresOf<Infos extends Record<string, MetricInfo>>(infos: Infos): Figures<Infos> {
  const entries = Object.entries(infos).map(([name, info]) => [name, figureOf(info)]);
  return Object.fromEntries(entries) as Figures<Infos>;
}

function figureOf(info: MetricInfo) {
  const number = info.unit === 'count' ? z.int().nonnegative() : z.number();
  return (info.always ? number : number.nullable()).describe(describeMetric(info));
}

/** One line for a reader of the API: title, formula, unit and source. */
function describeMetric({ title, formula, unit, annualised, source }: MetricInfo): string {
  const how = `${unit}${annualised ? ' a year' : ''}`;
  return `${title}: ${formula} (${how})${source && `. ${source}`}`;
}

/**
 * The figures of a run. Returns are fractions (0.12 is 12 %); a figure that is undefined for the run is null, never NaN.
 * `docs/metrics.md` is made from the same list.
 */
export const Metrics = z.object(figuresOf(METRICS));
export type Metrics = z.infer<typeof Metrics>;
