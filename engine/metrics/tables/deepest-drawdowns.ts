import type { DrawdownRow } from '../../../shared/tables.ts';
import { DAY_MS } from '../../timeframes/local-time.ts';
import { followDrawdowns, type Drawdown } from '../drawdowns.ts';

/** Keeps the `most` deepest drawdowns of a curve; of equal ones the earlier. */
export function createDeepestDrawdowns(cash: number, most: number) {
  const kept: Drawdown[] = [];
  const follower = followDrawdowns(cash, (drawdown) => {
    if (kept.length === most && drawdown.depth >= kept.at(-1)!.depth) return;
    const place = kept.findIndex(({ depth }) => depth > drawdown.depth);
    kept.splice(place === -1 ? kept.length : place, 0, drawdown);
    if (kept.length > most) kept.pop();
  });
  return {
    add: (ts: Float64Array, equity: Float64Array): void => follower.add(ts, equity),
    /** The deepest first; to be called once. */
    finish(): DrawdownRow[] {
      follower.finish();
      return kept.map(rowOf);
    },
  };
}

function rowOf({ startTs, troughTs, recoveryTs, endTs, depth }: Drawdown): DrawdownRow {
  return {
    start: new Date(startTs).toISOString(),
    trough: new Date(troughTs).toISOString(),
    recovery: recoveryTs === null ? null : new Date(recoveryTs).toISOString(),
    depth,
    days: (endTs - startTs) / DAY_MS,
  };
}
