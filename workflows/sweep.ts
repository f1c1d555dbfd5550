import { ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { SweepInput } from '../shared/start.ts';
import { closeSweep, fetchBars, openSweep, planTrials, runTrials, validate } from './sweep-steps.ts';
import { stepError } from './step-error.ts';

/**
 * Many trials of one strategy on the same bars, in shards. Which trials are done stands in the rows, so that this can be started again at any time; a trial is
 * done once. Whatever ends the sweep, what was done until then is ranked.
 */
export async function sweep(input: SweepInput): Promise<void> {
  const run = openSweep(input);
  try {
    if (!(await fetchBars(run))) return;
    do {
      await planTrials(run);
      await runTrials(run);
      await validate(run);
    } while (!(await closeSweep(run, 'completed')));
  } catch (error) {
    if (isCancellation(error)) {
      await closeSweep(run, 'cancelled');
      throw error;
    }
    // Anything else is a fault of this code or a continue-as-new, and not the sweep's end.
    const failure = stepError(error);
    if (failure === null) throw error;
    await closeSweep(run, 'failed', failure);
    throw ApplicationFailure.create({ message: failure.message, type: failure.code, nonRetryable: true, cause: error as Error });
  }
}
