import { HoldfastError } from '../shared/errors.ts';

const FULL = 'The disk that holds the artifacts is full. Free some space: the run goes on from its last checkpoint';
const FORBIDDEN = 'The artifact folder may not be written. Give the service write access to it';
const TOO_MANY_FILES = 'Too many files are open. Raise the limit of open files (ulimit -n)';

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EROFS: FORBIDDEN,
  EMFILE: TOO_MANY_FILES,
  ENFILE: TOO_MANY_FILES,
};

/** Turns an error of the operating system into `artifact_unavailable` with what to do; any other error is handed back as it is. */
export function asStoreError(error: unknown): Error {
  const code = systemErrorCode(error);
  if (code === null) return error instanceof Error ? error : new Error(String(error));
  const remedy = REMEDIES[code] ?? 'The artifact folder could not be used. Check the disk and the folder';
  return new HoldfastError('artifact_unavailable', `${remedy} (${code}).`, { cause: error });
}

/** `ENOENT` and the like; null for an error that does not come from the operating system. */
export function systemErrorCode(error: unknown): string | null {
  const isSystemError = error instanceof Error && 'errno' in error && 'code' in error && typeof error.code === 'string';
  return isSystemError ? (error.code as string) : null;
}

export function nullIfMissing(error: unknown): null {
  if (systemErrorCode(error) === 'ENOENT') return null;
  throw asStoreError(error);
}
