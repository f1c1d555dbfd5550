import { HoldfastError, type ErrorCode, type Fault } from '../shared/errors.ts';

/** How a job ended, as it crosses from one thread to another. */
export type JobOutcome = { value: unknown; error?: undefined } | { error: { code: ErrorCode; message: string; faults: readonly Fault[] } };

/** Wraps a job on the thread's side: errors of the table are handed over as data, since a copied Error keeps only its message. */
export function settled<Argument>(job: (argument: Argument) => Promise<unknown>): (argument: Argument) => Promise<JobOutcome> {
  return async (argument) => {
    try {
      return { value: await job(argument) };
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      return { error: { code: error.code, message: error.message, faults: error.faults } };
    }
  };
}
