import type { Projection } from '../results/runs.ts';
import type { ResultStore } from '../results/store.ts';

/**
 * Writes the last change of a run. False where a cancel was recorded before it: whoever asked was told so, and the run must not complete any
 * more. True also for a repeated write.
 */
export async function commit(results: Pick<ResultStore, 'project' | 'get'>, owner: string, closing: Projection): Promise<boolean> {
  if (await results.project(closing)) return true;
  return (await results.get(owner, closing.runId))?.requested !== 'cancel';
}
