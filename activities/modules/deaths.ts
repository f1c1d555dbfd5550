import { ApplicationFailure } from '@temporalio/common';
import { HoldfastError, type ErrorCode } from '../../shared/errors.ts';

/** Attempts of one slice that a module's own process may lose. A worker that is lost counts for none. */
const ATTEMPTS = 3;
const DEATHS: ReadonlySet<ErrorCode> = new Set(['module_crashed', 'module_out_of_memory', 'module_stalled']);

/**
 * What to fail an attempt with. The death of a module's process is counted by `remember` for the next attempt, and is final when it was the third;
 * any other error stays as it is.
 */
export function afterDeath(error: unknown, deathsBefore: number, remember: () => void): unknown {
  if (!(error instanceof HoldfastError) || !DEATHS.has(error.code)) return error;
  remember();
  if (deathsBefore + 1 < ATTEMPTS) return error;
  const message = `${error.message} It died ${ATTEMPTS} times at this point of the run.`;
  return ApplicationFailure.create({ type: error.code, message, nonRetryable: true, cause: error });
}
