import type { ArtifactRef } from '../../shared/artifact.ts';
import { createShare, shareColumns } from '../../engine/indicators/column-share.ts';
import type { Dataset } from '../../shared/bars.ts';
import type { StoredResult } from '../../shared/run.ts';
import type { NightRanking } from '../../shared/schedule.ts';
import type { ValidationReport } from '../../shared/validation.ts';
import type { SweepSpec } from '../../shared/sweep-spec.ts';
import { aggregateRun, type AggregateJob } from './aggregate-run.ts';
import { allColumns } from './bar-stretches.ts';
import { compareRanks, type CompareRanksJob } from './compare-ranks.ts';
import { continueSweep, type ContinueSweepJob, type LongerBars } from './continue-sweep.ts';
import { continueRun, type Continued, type ContinueJob } from './continue-run.ts';
import { runAtOnce, type RunAtOnce } from './run-at-once.ts';
import { runShard, type ItemOutcome, type ShardJob } from './run-shard.ts';
import { fetchBars, type FetchedBars, type FetchJob } from './fetch-bars.ts';
import { createKnownTrials, mergeKnown } from './known-trials.ts';
import { createPlans } from './plans.ts';
import { rankAll, type RankJob, type Ranking } from './rank-trials.ts';
import { runTrials, type TrialJob, type TrialsDone } from './run-trials.ts';
import { simulateSlice, type SliceJob, type SliceResult } from './simulate-slice.ts';
import { validateTrials, type ValidationJob } from './validate-trials.ts';
import type { JobStores } from './stores.ts';

/** The work that is done off the event loop, by name: a thread gets one of these names and its argument. */
export interface Jobs {
  fetchBars: (job: FetchJob) => Promise<FetchedBars>;
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
  continueSweep: (job: ContinueSweepJob) => Promise<LongerBars>;
  compareRanks: (job: CompareRanksJob) => Promise<NightRanking>;
  validateTrials: (job: ValidationJob) => Promise<ValidationReport | null>;
  /** Prepares a run that goes on where an earlier one came to the end of its bars. */
  continueRun: (job: ContinueJob) => Promise<Continued>;
}

export function createJobs(stores: JobStores): Jobs {
  let last: Dataset | null = null;
  /** Each message brings new views of the same memory; indicator columns are kept for as long as their views are, so those are kept too. */
  const sameObject = (dataset: Dataset | null): Dataset | null => {
    if (last?.sha256 === dataset?.sha256) return last;
    last = dataset;
    if (dataset?.derived) shareColumns(dataset.derived, dataset.instruments.flatMap(allColumns));
    return last;
  };
  const planOf = createPlans();
  const knownTrials = createKnownTrials(stores.trialTables);
  const { trialTables } = stores;
  return {
    fetchBars: (job) => fetchBars(stores, job),
    loadDataset: async (ref) => withRoom(await stores.datasets.read(ref)),
    verifyDataset: (ref) => stores.datasets.verify(ref),
    simulateSlice: (job) => simulateSlice(stores, { ...job, dataset: sameObject(job.dataset) }),
    aggregateRun: (job) => aggregateRun(stores, { ...job, dataset: sameObject(job.dataset) }),
    runShard: (job) => runShard(stores, { ...job, dataset: sameObject(job.dataset) }),
    runTrials: (job) => runTrials({ trialTables, knownTrials, planOf }, { ...job, dataset: sameObject(job.dataset)! }),
    mergeTrials: ({ owner, spec, refs }) =>
      trialTables.together((write) => mergeKnown(knownTrials, write, { scope: owner, refs, figures: planOf(spec).figures })),
    validateTrials: (job) => validateTrials({ trialTables, planOf }, { ...job, dataset: sameObject(job.dataset)! }),
    continueSweep: (job) => continueSweep({ datasets: stores.datasets, planOf }, job),
    compareRanks: (job) => compareRanks({ trialTables, planOf }, job),
    rankTrials: (job) => rankAll({ trialTables, planOf }, job),
    continueRun: (job) => continueRun(stores, job),
    runAtOnce: (job) => runAtOnce(stores, { ...job, dataset: sameObject(job.dataset) }),
  };
}

/** Bytes for what is derived from each byte of a dataset: the averages of sixty windows, and more. Pages that nobody writes to take no memory. */
const DERIVED_PER_BYTE = 16;
const MOST_DERIVED = 256 * 1024 * 1024;

/** A dataset with memory in which all threads keep the indicators of its bars, each computed once. */
function withRoom(dataset: Dataset): Dataset {
  const bytes = dataset.instruments.flatMap(allColumns).reduce((sum, column) => sum + column.byteLength, 0);
  return { ...dataset, derived: createShare(Math.min(MOST_DERIVED, DERIVED_PER_BYTE * bytes)) };
}
