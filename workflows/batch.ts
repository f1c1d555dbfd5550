import { ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { BatchInput } from '../shared/start.ts';
import { closeBatch, openBatch, runLeft, runShards, stopLeft } from './batch-steps.ts';
import { stepError } from './step-error.ts';

/**
 * Many backtests as one workflow. Which items are done stands in their rows, so that this can be started again at any time; an item is done
 * once. The short ones are done in shards, the others by workflows of their own.
 */
export async function batch(input: BatchInput): Promise<void> {
  const run = openBatch(input);
  try {
    await run.write({ status: 'running', startedAt: run.startedAt });
    await runShards(run);
    await runLeft(run);
    await closeBatch(run, 'completed');
  } catch (error) {
    if (isCancellation(error)) {
      await stopLeft(run);
      await closeBatch(run, 'cancelled');
      throw error;
    }
    // Anything else is a fault of this code or a continue-as-new, and not the batch's end.
    const failure = stepError(error);
    if (failure === null) throw error;
    await stopLeft(run);
    await closeBatch(run, 'failed', failure);
    throw ApplicationFailure.create({ message: failure.message, type: failure.code, nonRetryable: true, cause: error as Error });
  }
}
