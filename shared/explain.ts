import * as z from 'zod';
import { HoldfastError } from './errors.ts';
import { faultsOf } from './faults.ts';

/** What kept a program from starting, in words for whoever started it: one wrong setting a line, no stack where the message says it all. */
export function explain(error: unknown): string {
  if (error instanceof z.ZodError)
    return faultsOf(error)
      .map(({ path, message }) => `${path}: ${message}`)
      .join('\n');
  if (error instanceof HoldfastError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
