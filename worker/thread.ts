import { workerData } from 'node:worker_threads';
import { settled } from '../activities/job-outcome.ts';
import { createJobs } from '../activities/jobs/jobs.ts';
import { readEngineVersion, readStrategyHash } from '../activities/versions.ts';
import { prepareDecider } from '../strategies/catalog.ts';
import type { ArtifactPlace } from '../artifacts/open-artifacts.ts';
import { openArtifactStores, type SourcesSettings } from './stores.ts';

/** What the worker's main thread tells each job thread. */
export interface ThreadData {
  home: string;
  sources: SourcesSettings;
  artifacts: ArtifactPlace | null;
}

const { home, sources, artifacts } = workerData as ThreadData;

const jobs = createJobs({
  ...openArtifactStores(home, sources, artifacts),
  prepareDecider,
  engineVersion: readEngineVersion(),
  strategyHash: readStrategyHash,
});

// The pool calls a job by the name of its export.
export const fetchBars = settled(jobs.fetchBars);
export const loadDataset = settled(jobs.loadDataset);
export const verifyDataset = settled(jobs.verifyDataset);
export const simulateSlice = settled(jobs.simulateSlice);
export const aggregateRun = settled(jobs.aggregateRun);
export const runAtOnce = settled(jobs.runAtOnce);
export const runShard = settled(jobs.runShard);
export const runTrials = settled(jobs.runTrials);
export const mergeTrials = settled(jobs.mergeTrials);
export const validateTrials = settled(jobs.validateTrials);
export const rankTrials = settled(jobs.rankTrials);
export const continueRun = settled(jobs.continueRun);
export const compareRanks = settled(jobs.compareRanks);
export const continueSweep = settled(jobs.continueSweep);
