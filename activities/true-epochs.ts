import { activityInfo } from '@temporalio/activity';
import type { RunWorkflows } from '../orchestration/run-workflows.ts';
import type { Projection } from '../results/runs.ts';
import type { ResultStore } from '../results/store.ts';

/** Starts that are kept; resets are rare. */
const KEPT = 1_000;

/**
 * Rows as activities write them. A workflow that was reset repeats the history of the run before, its start included, so that it cannot
 * tell its own epoch: it marks its writes, and here they get the start that the server knows.
 */
export function withTrueEpochs(results: ResultStore, workflows: Pick<RunWorkflows, 'startOf'>): ResultStore {
  const starts = new Map<string, number>();

  async function ownStart(): Promise<number> {
    const { workflowExecution } = activityInfo();
    if (!workflowExecution) throw new Error('only activities of a workflow write rows');
    const known = starts.get(workflowExecution.runId);
    if (known !== undefined) return known;
    const start = await workflows.startOf(workflowExecution);
    if (starts.size >= KEPT) starts.clear();
    starts.set(workflowExecution.runId, start);
    return start;
  }
  const corrected = async <Write extends Pick<Projection, 'epoch' | 'reset'>>(write: Write): Promise<Write> =>
    write.reset ? { ...write, epoch: await ownStart() } : write;

  return {
    ...results,
    project: async (projection) => results.project(await corrected(projection)),
    projectAll: async (projections) => results.projectAll(await Promise.all(projections.map(corrected))),
    projectBatch: async (projection) => results.projectBatch(await corrected(projection)),
    reportProgress: async (progress) => results.reportProgress(await corrected(progress)),
  };
}
