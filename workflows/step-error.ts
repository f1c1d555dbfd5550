import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import { isErrorCode } from '../shared/errors.ts';
import type { RunError } from '../shared/run.ts';

/**
 * What a failed activity says, as the run's error; null for anything that is not one. The failure of an ordinary activity lies within another one that
 * says where it ran; that of a local activity comes as it is.
 */
export function stepError(error: unknown): RunError | null {
  if (!(error instanceof ActivityFailure || error instanceof ApplicationFailure)) return null;
  const own = error instanceof ActivityFailure ? (error.cause ?? error) : error;
  const code = own instanceof ApplicationFailure && isErrorCode(own.type) ? own.type : 'internal';
  return { code, message: own.message };
}
