import { log } from '@temporalio/activity';
import { heartbeatWhile, untilLeaving } from './heartbeat.ts';
import type { Ports } from './ports.ts';

/** Rows that are deleted in one transaction. */
const AT_ONCE = 500;
const DAY_MS = 86_400_000;

export interface Tidied {
  /** Runs and batches that were deleted, since they had finished so long ago. */
  rows: number;
  /** Files of the artifact store that something names, that are too young to be removed, and that were removed. */
  named: number;
  young: number;
  removed: number;
}

/** Deletes runs that are no longer kept, and then files that no row names any more. Repeating it, or doing it twice at once, is harmless. */
export function tidy({ results, garbage, keepDays }: Pick<Ports, 'results' | 'garbage' | 'keepDays'>) {
  // Another worker begins again.
  const leave = (cancelled: unknown): never => {
    throw cancelled;
  };
  return (): Promise<Tidied> => heartbeatWhile(untilLeaving(pass(), leave), () => null);

  async function pass(): Promise<Tidied> {
    let rows = 0;
    if (keepDays !== null) {
      const before = Date.now() - keepDays * DAY_MS;
      for (let more = AT_ONCE; more > 0; rows += more) more = await results.removeFinished(before, AT_ONCE);
    }
    const tidied = { rows, ...(await garbage.collect()) };
    log.info('tidied', { ...tidied });
    return tidied;
  }
}
