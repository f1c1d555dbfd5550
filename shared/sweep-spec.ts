import * as z from 'zod';
import { METRICS, type MetricName } from './metrics.ts';
import { SWEEP_LIMIT } from './names.ts';
import { MAX_EXPRESSION, hasFewNames, tooManyNames } from './rules.ts';
import { BacktestSpec } from './spec.ts';
import { ValidationSpec } from './validation.ts';

/** Values of one parameter, or a step of a search, beyond which nobody reads a table. */
const MOST_VALUES = 10_000;

const Bound = z.number().min(-1e15).max(1e15);

const Values = z.strictObject({
  values: z
    .array(z.union([z.number(), z.string().max(200)]))
    .min(1)
    .max(MOST_VALUES)
    .refine((values) => new Set(values).size === values.length, 'names a value twice'),
});
const Range = z
  .strictObject({
    min: Bound,
    max: Bound.describe('Inclusive'),
    step: z.number().positive().max(1e15).optional().describe('Left out: 1 for an integer, else any number between'),
    log: z.boolean().default(false).describe('Whether a factor counts as a step: as likely between 1 and 10 as between 10 and 100'),
  })
  .refine(({ min, max }) => min <= max, { path: ['max'], message: 'is below "min"' })
  .refine(({ min, log }) => !log || min > 0, { path: ['min'], message: 'must be above 0 where "log" is true' });

/** What a search may choose for one parameter of the strategy. */
export const Dimension = z.union([Values, Range], 'write {"values": […]} or {"min": …, "max": …}');
export type Dimension = z.infer<typeof Dimension>;

export const Space = z
  .record(z.string().max(64), Dimension)
  .refine((space) => Object.keys(space).length > 0, 'names no parameter')
  .refine(hasFewNames, tooManyNames);
export type Space = z.infer<typeof Space>;

const Trials = z.int().min(1).max(SWEEP_LIMIT);

const SearchSpec = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('grid'), trials: Trials.optional().describe('Of the grid, the first so many; left out, all') }),
  z.strictObject({ kind: z.literal('random'), trials: Trials.describe('Fewer where the space has no more') }),
  z.strictObject({
    kind: z.literal('tpe'),
    trials: Trials.max(20_000).describe('Tree-structured Parzen estimator: each follows what did well'),
  }),
]);

const metricNames = Object.keys(METRICS) as [MetricName, ...MetricName[]];

export const Objective = z.strictObject({
  metric: z.string().min(1).max(MAX_EXPRESSION).default('sharpe').describe('A metric, or a formula of metrics: sharpe - 0.1 * volatility'),
  direction: z.enum(['max', 'min']).default('max'),
});
export type Objective = z.infer<typeof Objective>;

/** Many backtests that differ in parameters: what to try, how to choose, and which of them is best. */
export const SweepSpec = BacktestSpec.extend({
  space: Space,
  where: z.string().min(1).max(MAX_EXPRESSION).optional().describe('Condition between parameters: fast < slow'),
  search: SearchSpec.default({ kind: 'grid' }),
  objective: Objective.prefault({}),
  figures: z
    .array(z.enum(metricNames))
    .max(metricNames.length)
    .default([])
    .describe(
      'Metrics of each trial, beside total return, Sharpe ratio, drawdown, trades and the objective. Others take about ten times as long',
    ),
  validation: ValidationSpec.default({ kind: 'none' }).describe('Whether the best trial is judged on bars that did not choose it'),
  budget: z
    .strictObject({
      trials: Trials.optional().describe('Most trials, whatever the search asks for'),
      cpuSeconds: z.number().positive().max(1e9).optional().describe('Computing time, after which no further trial is begun'),
    })
    .prefault({}),
  priority: z.int().min(1).max(5).default(4).describe('1 comes first; a backtest has 2, a batch 3'),
}).omit({ benchmark: true });
export type SweepSpec = z.infer<typeof SweepSpec>;
export type SweepSpecInput = z.input<typeof SweepSpec>;

/** Whether a spec is that of a sweep. */
export function isSweep(spec: BacktestSpec | SweepSpec): spec is SweepSpec {
  return 'space' in spec;
}

/** A sweep's spec without what it has beside that of a backtest. */
export function backtestOf(spec: SweepSpec): BacktestSpec {
  const { space: _1, where: _2, search: _3, objective: _4, figures: _5, validation: _6, budget: _7, priority: _8, ...backtest } = spec;
  return backtest;
}
