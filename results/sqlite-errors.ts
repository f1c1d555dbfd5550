import { HoldfastError } from '../shared/errors.ts';

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html) that say the file cannot be used now, and what to do. */
const REMEDIES: Record<number, string> = {
  5: 'another process holds its lock: try again, and end programs that keep the file open',
  6: 'another process holds its lock: try again, and end programs that keep the file open',
  8: 'it is read-only: make the file and its folder writable',
  10: 'the disk reported an error: check the disk, then try again',
  11: 'it is damaged: stop the service and restore the file from a backup',
  13: 'the disk is full: free some space, then try again',
  14: 'it could not be opened: check that its folder exists and is writable',
  26: 'it is no SQLite database: move it away, or set HOLDFAST_HOME to another folder',
};

/** Runs a statement; what SQLite says of a busy, full or broken file becomes `store_unavailable`. */
export function withStoreErrors<T>(file: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const remedy = remedyFor(error);
    if (remedy === null) throw error;
    throw new HoldfastError('store_unavailable', `The row store ${file} does not answer: ${remedy}`, { cause: error });
  }
}

function remedyFor(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('errcode' in error && typeof error.errcode === 'number') return REMEDIES[error.errcode & 0xff] ?? null; // the low byte is the primary code
  return 'code' in error && error.code === 'ERR_INVALID_STATE' ? 'it was closed: start the service again' : null;
}
