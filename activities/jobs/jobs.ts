import type { ArtifactRef } from '../../shared/artifact.ts';
import type { Dataset } from '../../shared/bars.ts';
import type { StoredResult } from '../../shared/run.ts';
import type { ValidationReport } from '../../shared/validation.ts';
import type { SweepSpec } from '../../shared/sweep-spec.ts';
import { aggregateRun, type AggregateJob } from './aggregate-run.ts';
import { runAtOnce, type RunAtOnce } from './run-at-once.ts';
import { runShard, type ItemOutcome, type ShardJob } from './run-shard.ts';
import { fetchBars, type FetchJob } from './fetch-bars.ts';
import { createKnownTrials, mergeKnown } from './known-trials.ts';
import { createPlans } from './plans.ts';
import { rankAll, type RankJob, type Ranking } from './rank-trials.ts';
import { runTrials, type TrialJob, type TrialsDone } from './run-trials.ts';
import { simulateSlice, type SliceJob, type SliceResult } from './simulate-slice.ts';
import { validateTrials, type ValidationJob } from './validate-trials.ts';
import type { JobStores } from './stores.ts';

/** The work that is done off the event loop, by name: a thread gets one of these names and its argument. */
export interface Jobs {
  fetchBars: (job: FetchJob) => Promise<ArtifactRef>;
  loadDataset: (ref: ArtifactRef) => Promise<Dataset>;
  /** Checks a dataset that is too large to be loaded against its hash. */
  verifyDataset: (ref: ArtifactRef) => Promise<void>;
  simulateSlice: (job: SliceJob) => Promise<SliceResult>;
  aggregateRun: (job: AggregateJob) => Promise<StoredResult>;
  runAtOnce: (job: SliceJob) => Promise<RunAtOnce>;
  runShard: (job: ShardJob) => Promise<ItemOutcome[]>;
  runTrials: (job: TrialJob) => Promise<TrialsDone>;
  /** Makes one table of known trials of several. */
  mergeTrials: (job: { owner: string; spec: SweepSpec; refs: readonly ArtifactRef[] }) => Promise<ArtifactRef>;
  rankTrials: (job: RankJob) => Promise<Ranking>;
  validateTrials: (job: ValidationJob) => Promise<ValidationReport | null>;
}

export function createJobs(stores: JobStores): Jobs {
  let last: Dataset | null = null;
  /** Each message brings new views of the same memory; indicator columns are kept for as long as their views are, so those are kept too. */
  const sameObject = (dataset: Dataset | null): Dataset | null => {
    if (last?.sha256 !== dataset?.sha256) last = dataset;
    return last;
  };
  const planOf = createPlans();
  const knownTrials = createKnownTrials(stores.trialTables);
  const { trialTables } = stores;
  return {
    fetchBars: (job) => fetchBars(stores, job),
    loadDataset: (ref) => stores.datasets.read(ref),
    verifyDataset: (ref) => stores.datasets.verify(ref),
    simulateSlice: (job) => simulateSlice(stores, { ...job, dataset: sameObject(job.dataset) }),
    aggregateRun: (job) => aggregateRun(stores, { ...job, dataset: sameObject(job.dataset) }),
    runShard: (job) => runShard(stores, { ...job, dataset: sameObject(job.dataset) }),
    runTrials: (job) => runTrials({ trialTables, knownTrials, planOf }, { ...job, dataset: sameObject(job.dataset)! }),
    mergeTrials: ({ owner, spec, refs }) =>
      trialTables.together((write) => mergeKnown(knownTrials, write, { scope: owner, refs, figures: planOf(spec).figures })),
    validateTrials: (job) => validateTrials({ trialTables, planOf }, { ...job, dataset: sameObject(job.dataset)! }),
    rankTrials: (job) => rankAll({ trialTables, planOf }, job),
    runAtOnce: (job) => runAtOnce(stores, { ...job, dataset: sameObject(job.dataset) }),
  };
}
