import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { ERRORS, HoldfastError } from '../shared/errors.ts';

/** Attempts after which an error that nobody foresaw is taken for permanent. */
const UNFORESEEN_ATTEMPTS = 3;

/**
 * Wraps an activity: errors of the table become failures with their code as type, and anything unforeseen is retried a few
 * times before it fails the run.
 */
export function withFailures<Arguments extends unknown[], Value>(
  activity: (...args: Arguments) => Promise<Value>,
): (...args: Arguments) => Promise<Value> {
  return async (...args) => {
    try {
      return await activity(...args);
    } catch (error) {
      throw toFailure(error);
    }
  };
}

function toFailure(error: unknown): Error {
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
    nonRetryable: info.attempt >= UNFORESEEN_ATTEMPTS,
    cause,
  });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function describe(error: HoldfastError): string {
  return [error.message, ...error.faults.map((fault) => `${fault.path} ${fault.message}`)].join('; ');
}
