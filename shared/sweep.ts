import * as z from 'zod';
import { PageLink } from './page-link.ts';
import { ArtifactRef } from './artifact.ts';
import { METRICS, type MetricName } from './metrics.ts';
import { RUN_KINDS } from './names.ts';
import { Manifest, RunSummary } from './run.ts';
import { SweepSpec } from './sweep-spec.ts';
import { ValidationReport } from './validation.ts';

/** A sweep as lists show it. */
export const SweepSummary = RunSummary.omit({ metrics: true, batch: true, links: true }).extend({
  kind: z.literal(RUN_KINDS[1]),
  links: z.object({
    self: z.string(),
    result: z.string(),
    trials: z.string(),
    events: z.string(),
    temporal: z.string().nullable().describe("The sweep's page in Temporal Web"),
    page: PageLink,
  }),
});
export type SweepSummary = z.infer<typeof SweepSummary>;

export const Sweep = SweepSummary.extend({ spec: SweepSpec.describe('As it runs: every default filled in, and what was changed since') });
export type Sweep = z.infer<typeof Sweep>;

const Figure = z.number().nullable().describe('Null where it is undefined');

/** One parameter set, and how it did. */
export const Trial = z.object({
  trial: z.int().describe('Its number in the search, from 0'),
  params: z.record(z.string(), z.union([z.number(), z.string()])).describe('Those that differ between trials'),
  metrics: z.partialRecord(z.enum(Object.keys(METRICS) as [MetricName, ...MetricName[]]), Figure),
  objective: Figure,
  rank: z.int().describe('1 is the best; trials without an objective come last'),
  cached: z.boolean().describe('Whether it had been computed before'),
  robust: Figure.describe('Mean objective of the trial and of its neighbours: those tried one step away along one parameter'),
  neighbours: z.int(),
});
export type Trial = z.infer<typeof Trial>;

const Count = z.int().nonnegative();

/** What the row keeps of a sweep that has ended. */
export const StoredSweepResult = z.object({
  partial: z.boolean().describe('Whether trials are missing'),
  endReason: z.enum(['all-trials', 'budget', 'interrupted']),
  trials: Count.describe('Trials that are done'),
  cached: Count.describe('Of these, the ones that had been computed before'),
  best: Trial.nullable().describe('Null where no trial has an objective'),
  top: z.array(Trial).describe('The best ones, at most ten'),
  manifest: Manifest.omit({ datasetRepairs: true, slices: true, attempts: true, resultHash: true }).extend({
    resultHash: z.string().describe('SHA-256 of the parameters and figures of all trials in their order'),
    shards: Count.describe('Pieces that the trials were done in'),
  }),
  validation: ValidationReport.nullable().describe(
    'Whether the best trial is better than luck; null for a sweep that did not complete, or of which no trial has an objective',
  ),
  dataset: ArtifactRef,
  table: ArtifactRef.describe('All trials in their order'),
});
export type StoredSweepResult = z.infer<typeof StoredSweepResult>;

export const SweepResult = StoredSweepResult.omit({ dataset: true, table: true }).extend({ runId: z.uuid() });
export type SweepResult = z.infer<typeof SweepResult>;
