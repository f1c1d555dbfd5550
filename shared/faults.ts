import type * as z from 'zod';
import type { Fault } from './errors.ts';

/** Every issue of a failed parse as a fault, with `prefix` before its path; an unknown key is named by its own path. */
export function faultsOf(error: z.ZodError, prefix: readonly PropertyKey[] = []): Fault[] {
  return error.issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path].map(String);
    if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: issue.message }];
    return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'is not a known field' }));
  });
}
