import { Context, type Info } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { ERRORS, HoldfastError } from '../shared/errors.ts';

/** Times after which an error that nobody foresaw is taken for permanent. */
const UNFORESEEN_TIMES = 3;
/** More activities than fail at once; of others the count begins anew. */
const MOST_COUNTED = 1_000;

/**
 * Wraps an activity: errors of the table become failures with their code as type, and anything unforeseen is retried a few
 * times before it fails the run. These are counted in this process, and not by the number of the attempt: that goes up with each worker
 * that was lost and each operator's pause, which say nothing of the error.
 */
export function withFailures<Arguments extends unknown[], Value>(
  activity: (...args: Arguments) => Promise<Value>,
): (...args: Arguments) => Promise<Value> {
  const unforeseen = new Map<string, number>();

  function countUnforeseen({ workflowExecution, activityId }: Info): number {
    const key = `${workflowExecution?.runId} ${activityId}`;
    const times = (unforeseen.get(key) ?? 0) + 1;
    unforeseen.delete(key);
    unforeseen.set(key, times);
    // A Map keeps insertion order: the first key is the one that failed longest ago.
    if (unforeseen.size > MOST_COUNTED) unforeseen.delete(unforeseen.keys().next().value!);
    return times;
  }

  return async (...args) => {
    try {
      return await activity(...args);
    } catch (error) {
      throw toFailure(error, countUnforeseen);
    }
  };
}

function toFailure(error: unknown, countUnforeseen: (info: Info) => number): Error {
  const { cancellationSignal, info } = Context.current();
  // An AbortError during an operator's pause would be answered as "cancelled", which the server refuses: the attempt would hang.
  if (cancellationSignal.aborted && isAbort(error)) return cancellationSignal.reason as Error;
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  if (error instanceof HoldfastError) {
    const { retryable } = ERRORS[error.code];
    return ApplicationFailure.create({ type: error.code, message: describe(error), nonRetryable: !retryable, cause: error });
  }
  const cause = error instanceof Error ? error : new Error(String(error));
  return ApplicationFailure.create({
    type: 'internal',
    message: cause.message,
    nonRetryable: countUnforeseen(info) >= UNFORESEEN_TIMES,
    cause,
  });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function describe(error: HoldfastError): string {
  return [error.message, ...error.faults.map((fault) => `${fault.path} ${fault.message}`)].join('; ');
}
