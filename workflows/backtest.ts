import { ApplicationFailure, isCancellation, setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import type { BacktestInput } from '../shared/start.ts';
import { beginAnew, closeRun, fetchBars, openRun, simulate, type BacktestOutcome, type BacktestRun } from './backtest-steps.ts';
import { stepError } from './step-error.ts';

/**
 * A backtest from accepted spec to stored result. Pause, resume and cancel act between and within the steps; whatever ends the run, what
 * was simulated until then becomes its result.
 */
export async function backtest(input: BacktestInput): Promise<BacktestOutcome> {
  const run = openRun(input);
  try {
    return await toTheEnd(run).catch((error: unknown) => {
      if (!isFileLost(error)) throw error;
      beginAnew(run);
      return toTheEnd(run);
    });
  } catch (error) {
    if (isCancellation(error)) {
      await closeRun(run, 'cancelled');
      throw error;
    }
    // Anything else is a fault of this code or a continue-as-new, and not the run's end.
    const failure = stepError(error);
    if (failure === null) throw error;
    await closeRun(run, 'failed', failure);
    throw ApplicationFailure.create({ message: failure.message, type: failure.code, nonRetryable: true, cause: error as Error });
  }
}

// Where workers have versions, a run ends on the one that it began with: its code never changes under it. A server refuses the wish of a worker without one.
setWorkflowOptions(() => (workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'PINNED' } : {}), backtest);

async function toTheEnd(run: BacktestRun): Promise<BacktestOutcome> {
  const outcome = await fetchBars(run);
  if (outcome !== null) return outcome;
  await simulate(run);
  return closeRun(run, 'completed');
}

function isFileLost(error: unknown): boolean {
  const code = stepError(error)?.code;
  return code === 'artifact_damaged' || code === 'artifact_missing';
}
