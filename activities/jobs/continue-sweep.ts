import { isPlainRun } from '../../engine/run-simulation.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { Dataset } from '../../shared/bars.ts';
import type { SweepSpec } from '../../shared/sweep-spec.ts';
import { prepareDecider } from '../../strategies/catalog.ts';
import { trialParams, type SweepPlan } from '../../strategies/sweep/plan.ts';
import { differenceFrom } from './longer-dataset.ts';
import { runInputOf } from './run-input.ts';
import type { JobStores } from './stores.ts';

export interface ContinueSweepJob {
  spec: SweepSpec;
  /** The bars of the night before. */
  dataset: Dataset;
  /** Those of now. */
  datasetRef: ArtifactRef;
}

/** How many bars are new; or why trials have to begin at the first bar. */
export type LongerBars = { newBars: number; full: null } | { newBars: null; full: string };

/** Whether the trials of a sweep may go on where those of the night before ended. */
export async function continueSweep(
  { datasets, planOf }: Pick<JobStores, 'datasets'> & { planOf: (spec: SweepSpec) => SweepPlan },
  { spec, dataset, datasetRef }: ContinueSweepJob,
): Promise<LongerBars> {
  const run = runInputOf(spec, dataset);
  const plan = planOf(spec);
  const [params] = trialParams(spec, plan, plan.sequence().points(0, 1));
  const decider = prepareDecider({ ...spec.strategy, params: { ...params } }, run.bars, run);
  if (!isPlainRun({ ...run, decider })) return inFull('its trials need every bar: they have orders, corporate actions or other terms');
  const file = await datasets.open(datasetRef);
  const difference = await differenceFrom(dataset, file);
  if (difference !== null) return inFull(difference);
  const total = file.chunks.reduce((sum, { times }) => sum + times[0], 0);
  return { newBars: total - dataset.instruments[0]!.ts.length, full: null };
}

function inFull(full: string): LongerBars {
  return { newBars: null, full };
}
