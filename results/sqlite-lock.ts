import { setTimeout as delay } from 'node:timers/promises';
import { HoldfastError } from '../shared/errors.ts';

/** A write waits this long in all for the lock of another process. */
const WAIT_MS = 3_000;
/** Between two tries the process does other work: SQLite itself waits by standing still. */
const PAUSE_MS = 20;
/** SQLITE_BUSY and SQLITE_LOCKED, https://www.sqlite.org/rescode.html */
const LOCKED: ReadonlySet<number> = new Set([5, 6]);

/** Tries a write again while another process holds the lock, and keeps the process free to answer meanwhile. */
export async function whileLocked<T>(write: () => T): Promise<T> {
  const until = performance.now() + WAIT_MS;
  for (;;) {
    try {
      return write();
    } catch (error) {
      if (!isLocked(error) || performance.now() > until) throw error;
    }
    await delay(PAUSE_MS);
  }
}

function isLocked(error: unknown): boolean {
  if (!(error instanceof HoldfastError) || !(error.cause instanceof Error) || !('errcode' in error.cause)) return false;
  return LOCKED.has(Number(error.cause.errcode) & 0xff); // the low byte is the primary code
}
