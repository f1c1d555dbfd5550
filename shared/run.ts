import * as z from 'zod';
import { PageLink } from './page-link.ts';
import { ArtifactRef } from './artifact.ts';
import { DatasetOrigin } from './dataset.ts';
import { QualityReport } from './data-quality.ts';
import { Metrics } from './metrics.ts';
import { RUN_KINDS, RUN_PHASES, RUN_REQUESTS, RUN_STATUSES } from './names.ts';
import type { BacktestSpec } from './spec.ts';

export const RunError = z.object({
  code: z.string().describe('A code of the error table'),
  message: z.string().describe('What happened and what to do'),
});
export type RunError = z.infer<typeof RunError>;

export const Progress = z.object({
  fraction: z.number().min(0).max(1),
  done: z.int().nonnegative(),
  total: z.int().nonnegative(),
  unit: z.enum(['bars', 'trials']),
  perSecond: z.number().nonnegative(),
  etaSeconds: z.number().nonnegative().nullable(),
});
export type Progress = z.infer<typeof Progress>;

/** What a run shows beside its spec. A list shows only this. */
export const RunSummary = z.object({
  id: z.uuid(),
  kind: z.enum(RUN_KINDS),
  name: z.string(),
  tags: z.array(z.string()),
  strategy: z.string(),
  symbols: z.array(z.string()),
  timeframe: z.string(),
  status: z.enum(RUN_STATUSES),
  requested: z.enum(RUN_REQUESTS).nullable().describe('What was asked of the run and has not taken effect yet'),
  phase: z.enum(RUN_PHASES).nullable(),
  progress: Progress,
  owner: z.string(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  error: RunError.nullable(),
  metrics: Metrics.nullable(),
  batch: z.uuid().nullable().describe('The batch that the run is an item of, and is steered by'),
  links: z.object({
    self: z.string(),
    result: z.string(),
    batch: z.string().optional(),
    events: z.string(),
    temporal: z.string().nullable().describe("The run's page in Temporal Web"),
    page: PageLink,
  }),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** An operator's pause of the running step in Temporal: no pause of the run, which does not know of it. */
const OperatorPause = z.object({
  paused: z.literal(true),
  step: z.string().describe('The activity that is paused'),
  by: z.string(),
  reason: z.string(),
  since: z.iso.datetime(),
});
/** After a rollback there are runs whose spec a newer version accepted: they are shown as they are. */
const AcceptedSpec = z
  .looseObject({}) // it was checked when it was accepted, and checking it again would take half of a read's time
  .meta({ anyOf: [{ $ref: '#/components/schemas/BacktestSpec' }, { type: 'object' }] }) as unknown as z.ZodType<BacktestSpec>;

export const Run = RunSummary.extend({
  verifies: z.uuid().nullable().describe('The run whose result this one is to repeat'),
  spec: AcceptedSpec.describe('As it runs: every default filled in. One of a newer version may have other fields'),
  operator: OperatorPause.nullable().describe('Set while an operator has paused the running step; some seconds late'),
});
export type Run = z.infer<typeof Run>;

/** What makes a result repeatable, and what it cost. */
export const Manifest = z.object({
  specHash: z.string(),
  datasetHash: z.string(),
  datasetSource: z.string(),
  datasetRepairs: z.int().optional().describe('Bars that were changed or left out before they were stored; absent for none'),
  datasetOrigin: DatasetOrigin.optional().describe('Of bars from a metered source'),
  strategyHash: z.string(),
  engineVersion: z.string(),
  nodeVersion: z.string(),
  seed: z.int(),
  resultHash: z.string().describe('SHA-256 of curve, trades, orders, log and metrics: equal however often the run was interrupted'),
  cpuSeconds: z.number().describe('Simulation time that ended up in the result'),
  slices: z.int(),
  attempts: z.int().describe('Activity attempts that the slices took; equal to slices when nothing went wrong'),
});
export type Manifest = z.infer<typeof Manifest>;

/** Whether decisions were made by what was not known yet. */
export const LookAhead = z.object({
  passed: z.boolean(),
  samples: z.int().describe('Bars at which the strategy decided again on data that end there'),
  firstDifference: z.iso.datetime().nullable().describe('The first bar of those at which it then decided otherwise'),
});
export type LookAhead = z.infer<typeof LookAhead>;

export const Verdicts = z.object({
  data: QualityReport.optional().describe('What was found in the bars when they were fetched; absent in results of earlier versions'),
  lookAhead: LookAhead.nullable().describe('Null where there are too few bars to tell, and where the audit of a module could not end'),
  repeatable: z
    .literal(false)
    .optional()
    .describe('There where a module decides otherwise when it is run again on the same data; its look-ahead cannot be judged then'),
});
export type Verdicts = z.infer<typeof Verdicts>;

export const Verification = z.object({
  run: z.uuid().describe('The run that was run again, on the same bars'),
  outcome: z
    .enum(['identical', 'different', 'engine_changed'])
    .describe('engine_changed: by another engine, or another version of the strategy, than then; its figures may differ for that'),
  identical: z.boolean().describe('Whether curve, trades, orders, log and metrics have the same bytes'),
  differences: z
    .array(z.object({ what: z.string(), before: z.string(), after: z.string() }))
    .describe('Hashes and figures that are others now; "damaged" and "missing" are files of the earlier run that cannot be read any more'),
});
export type Verification = z.infer<typeof Verification>;

/** What the row keeps of a result: the figures, and where the series lie. */
export const StoredResult = z.object({
  partial: z.boolean(),
  endReason: z.enum(['end-of-data', 'bankrupt', 'interrupted']),
  metrics: Metrics,
  manifest: Manifest,
  verdicts: Verdicts,
  verification: Verification.optional().describe('Of a run that verifies another one'),
  dataset: ArtifactRef.optional(),
  curve: ArtifactRef,
  pyramid: ArtifactRef,
  trades: ArtifactRef,
  orders: ArtifactRef,
  logs: ArtifactRef.describe('Lines of the log, and the tags of orders'),
  plots: ArtifactRef.optional().describe('Values that the strategy noted; absent where there are none'),
  tables: ArtifactRef.describe('Returns by month and year, drawdowns, rolling figures'),
});
export type StoredResult = z.infer<typeof StoredResult>;

export const Result = StoredResult.omit({
  dataset: true,
  curve: true,
  pyramid: true,
  trades: true,
  orders: true,
  logs: true,
  plots: true,
  tables: true,
}).extend({
  runId: z.uuid(),
  bars: z.int().describe('Points of the equity curve'),
});
export type Result = z.infer<typeof Result>;

/** New ones come last: stored trades hold positions in this list. */
export const EXIT_REASONS = [
  'signal',
  'end',
  'bankrupt',
  'stop-loss',
  'take-profit',
  'trailing-stop',
  'expiry',
  'margin-call',
  'universe',
] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];
