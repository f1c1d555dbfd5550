import type { ArtifactRef } from '../../shared/artifact.ts';
import { HoldfastError } from '../../shared/errors.ts';
import type { StoredResult } from '../../shared/run.ts';
import { CONTROL } from '../../shared/slice-control.ts';
import type { BacktestSpec } from '../../shared/spec.ts';
import { runAtOnce } from './run-at-once.ts';
import type { SliceJob } from './simulate-slice.ts';
import type { JobStores } from './stores.ts';

/** Short runs on one dataset. The time of a slice is that of each of them. */
export interface ShardJob extends Omit<SliceJob, 'spec' | 'checkpoint' | 'earlier'> {
  specs: readonly BacktestSpec[];
  /** Wall time after which no further run is begun, in milliseconds. */
  shardMs: number;
}

/** How a run ended. */
export type ItemOutcome =
  | { startedAt: number; finishedAt: number; bars: number; total: number; result: StoredResult }
  /** It could not be done in its time (it goes on from the checkpoint), or failed: a workflow of its own sees to it. */
  | { result: null; checkpoint: ArtifactRef | null };

/**
 * Does the runs one after the other until the time is up or a stop is asked for: the outcomes of the first ones, in their order. Their files
 * reach the disk together.
 */
export function runShard(stores: JobStores, job: ShardJob): Promise<ItemOutcome[]> {
  const start = performance.now();
  const isStopped = (): boolean => Atomics.load(job.control, CONTROL.stop) !== 0;
  return stores.series.together(async (files) => {
    const series = { ...stores.series, together: <Value>(work: (series: typeof files) => Promise<Value>) => work(files) };
    const outcomes: ItemOutcome[] = [];
    for (const spec of job.specs) {
      if (isStopped() || performance.now() - start > job.shardMs) break;
      const outcome = await runItem({ ...stores, series }, { ...job, spec, checkpoint: null, earlier: null }).catch(leftUnlessStore);
      if (outcome.result === null && isStopped()) break; // cut off in the middle
      outcomes.push(outcome);
    }
    return outcomes;
  });
}

async function runItem(stores: JobStores, job: SliceJob): Promise<ItemOutcome> {
  const startedAt = Date.now();
  const { slice, result } = await runAtOnce(stores, job);
  if (result === null) return { result, checkpoint: slice.checkpoint };
  return { startedAt, finishedAt: Date.now(), bars: slice.bar, total: slice.total, result };
}

/** A fault of the run is its own; one of the artifact store stops the shard. */
function leftUnlessStore(error: unknown): ItemOutcome {
  if (error instanceof HoldfastError && error.code === 'artifact_unavailable') throw error;
  return { result: null, checkpoint: null };
}
