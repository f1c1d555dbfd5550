import type { StoredResult } from '../../shared/run.ts';
import { resultOf } from './aggregate-run.ts';
import { advanceSlice, appended, checkpointAfter, storeSlice, type SliceJob, type SliceResult } from './simulate-slice.ts';
import type { JobStores } from './stores.ts';

export interface RunAtOnce {
  slice: SliceResult;
  /** Null where the time was up before the run had ended: it goes on from the slice's checkpoint. */
  result: StoredResult | null;
}

/** A short run from its first bar to its result. Nothing is stored between the two, since doing it again costs less than storing it. */
export async function runAtOnce(stores: JobStores, job: SliceJob): Promise<RunAtOnce> {
  const slice = await advanceSlice(stores, job);
  const { bar, total, ended } = slice.simulation;
  if (ended === null) return { slice: await storeSlice(stores, job, slice), result: null };
  const chunks = [appended(slice)];
  const result = await resultOf(stores, { ...job, chunks, checkpoint: checkpointAfter(job, slice, null) });
  return { slice: { checkpoint: null, earlier: null, fromBar: slice.fromBar, bar, total, ended }, result };
}
