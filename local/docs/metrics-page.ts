import * as z from 'zod';
import { CURVE_METRICS, SWEEP_METRICS, TRADE_METRICS } from '../../shared/account-metrics.ts';
import type { MetricInfo } from '../../shared/metric-info.ts';
import { BENCHMARK_METRICS, RETURN_METRICS } from '../../shared/return-metrics.ts';
import { MetricSpec } from '../../shared/spec.ts';
import { table } from './markdown.ts';

/** One setting of the spec as JSON Schema describes it. */
const Setting = z.looseObject({ description: z.string().default(''), default: z.unknown(), enum: z.array(z.unknown()).optional() });

/** `docs/metrics.md`: every figure with its formula, and the settings that choose between definitions. */
export function metricsPage(): string {
  return [
    '# Metrics',
    '',
    'What every figure of a result means. Returns and shares are fractions: 0.12 is 12 %. A figure that is undefined for a run (a ratio over 0, no trade, too little data) is `null`, never NaN.',
    '',
    'Ratios are taken over days, whatever the bars: *r* is the return of a day (in the time zone of the data) that has bars, its last equity over that of the day before, from the second day on; *n* is their number. *P* is the number of such returns a year: 365 where there are bars on weekends, else 252, and fewer where bars are further apart than days. *f* and *m* are the annual risk-free rate and the annual minimum acceptable return of the spec. std is the standard deviation with *n* - 1 in the denominator unless the spec says otherwise. Returns that differ by no more than their rounding count as equal.',
    '',
    ...section('Returns and risk', RETURN_METRICS),
    ...section('The account, bar by bar', CURVE_METRICS),
    'Equity is marked at the close of each bar: a fall within a bar does not show.',
    '',
    ...section('Trades', TRADE_METRICS),
    'Profit is after the fees of entry and exit. Return of a trade: profit / the money of its entry (units × price × multiplier, in account currency).',
    '',
    ...section('Against a benchmark', BENCHMARK_METRICS),
    '*b* is the daily return of the benchmark; days on which it is not known are left out. All are null without a benchmark.',
    '',
    ...section('Sweeps', SWEEP_METRICS),
    '## Which definition',
    '',
    'The `metrics` of a spec choose where several definitions are in use:',
    '',
    ...table(['setting', 'default', 'values', 'meaning'], settings()),
    '',
  ].join('\n');
}

function section(title: string, infos: Record<string, MetricInfo>): string[] {
  const rows = Object.entries(infos).map(([name, info]) => [
    `\`${name}\``,
    info.title,
    info.unit,
    info.annualised ? 'yes' : 'no',
    info.better ?? '–',
    info.formula,
    info.source || 'by definition',
  ]);
  return [`## ${title}`, '', ...table(['name', 'title', 'unit', 'annualised', 'better', 'formula', 'source'], rows), ''];
}

function settings(): string[][] {
  const { properties } = z.toJSONSchema(MetricSpec, { io: 'input' });
  return Object.entries(properties ?? {}).map(([name, property]) => {
    const { description, default: standard, enum: values } = Setting.parse(property);
    return [`\`${name}\``, `\`${String(standard)}\``, (values ?? ['a number']).map(String).join(', '), description];
  });
}
