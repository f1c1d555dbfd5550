import type { StoredResult } from '../../shared/run.ts';
import { resultOf } from './aggregate-run.ts';
import { advanceSlice, appended, checkpointAfter, storeSlice, type SliceJob, type SliceResult } from './simulate-slice.ts';
import type { JobStores } from './stores.ts';

export interface RunAtOnce {
  slice: SliceResult;
  /** Null where the time was up before the run had ended, or parts of it are stored: it goes on from the slice's checkpoint. */
  result: StoredResult | null;
}

/** A short run from its first bar to its result. Nothing is stored between the two, since doing it again costs less than storing it. */
export async function runAtOnce(stores: JobStores, job: SliceJob): Promise<RunAtOnce> {
  const slice = await advanceSlice(stores, job);
  const { bar, total, ended } = slice.passage.simulation;
  if (ended === null || slice.chunk !== null) return { slice: await storeSlice(stores, job, slice), result: null };
  const chunks = [appended(slice)];
  const checkpoint = checkpointAfter(job, slice, null);
  const result = await resultOf(stores, { ...job, checkpoint, chunks: () => chunks, events: () => chunks });
  return { slice: { checkpoint: null, earlier: null, fromBar: slice.fromBar, bar, total, ended }, result };
}
