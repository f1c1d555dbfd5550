import type { RunState } from '../../engine/run-simulation.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { Dataset } from '../../shared/bars.ts';
import type { BacktestSpec } from '../../shared/spec.ts';
import { differenceFrom } from './longer-dataset.ts';
import type { JobStores } from './stores.ts';

export interface ContinueJob {
  owner: string;
  spec: BacktestSpec;
  /** Where the earlier run ended, what it was made with, and its bars. */
  checkpoint: ArtifactRef;
  strategyHash: string;
  engineVersion: string;
  dataset: Dataset;
  /** The bars of now. */
  datasetRef: ArtifactRef;
}

/** Where to go on, and how many bars are left; or why the run has to begin at the first bar. */
export type Continued = { checkpoint: ArtifactRef; newBars: number; full: null } | { checkpoint: null; newBars: null; full: string };

type Stores = Pick<JobStores, 'checkpoints' | 'datasets' | 'strategyHash' | 'engineVersion'>;

/**
 * A checkpoint for going on where an earlier run of the same spec came to the end of its bars, on a dataset that is that one and later bars. The result has the
 * bytes of a run from the first bar: what a strategy had decided at the last bar is in the state, whether or not another bar followed.
 */
export async function continueRun(stores: Stores, job: ContinueJob): Promise<Continued> {
  const before = await stores.checkpoints.read(job.checkpoint);
  const state = before.state as RunState;
  if (before.ended !== 'end-of-data') return inFull('the night before did not come to the end of its bars');
  if (before.place != null) return inFull('its bars do not fit into memory at once');
  if (job.engineVersion !== stores.engineVersion) return inFull('the engine has changed since');
  if (job.strategyHash !== stores.strategyHash(job.spec.strategy.name)) return inFull('the strategy has changed since, or is a module');
  const file = await stores.datasets.open(job.datasetRef);
  const difference = await differenceFrom(job.dataset, file);
  if (difference !== null) return inFull(difference);
  const allTraded = job.spec.data.symbols.length === file.symbols.length;
  const total = file.chunks.reduce((sum, { times }) => sum + times[allTraded ? 0 : 1], 0);
  const checkpoint = await stores.checkpoints.write(job.owner, {
    ...before,
    dataset: job.datasetRef,
    total,
    ended: null,
    // What this run costs begins here.
    slices: 0,
    attempts: 0,
    cpuSeconds: 0,
    state: { ...state, of: { ...state.of, ended: null } },
  });
  return { checkpoint, newBars: total - before.bar, full: null };
}

function inFull(full: string): Continued {
  return { checkpoint: null, newBars: null, full };
}
