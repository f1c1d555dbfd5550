import type { StoredResult } from '../shared/run.ts';
import type { StoredSweepResult } from '../shared/sweep.ts';
import type { LimitName, Limits, Usage } from '../shared/limits.ts';

/** Why something was not accepted: with it, the owner would have `wanted` of what may be `most`. */
export interface OverQuota {
  outcome: 'over_quota';
  limit: LimitName;
  most: number;
  used: number;
  wanted: number;
}

/** The intents of a result store that are about what owners have used. */
export interface QuotaStore {
  /** What this owner has now, and has used on the day (UTC) of a moment. */
  usageOf(owner: string, at: number): Promise<Usage>;
  /** Remembers the plan that the sign-in gives an owner: it holds for their tokens and schedules, too. */
  notePlan(owner: string, plan: string | null): Promise<void>;
  /** Null for an owner without one, and for one who never signed in. */
  planOf(owner: string): Promise<string | null>;
}

/** What is about to be accepted. */
export interface Wanted {
  runs: number;
  trials: number;
}

/** The first limit that usage and what is wanted pass together; null where there is room. */
export function limitPassed(limits: Limits, usage: Usage, { runs, trials }: Wanted): OverQuota | null {
  const more: Usage = { openRuns: runs, trialsPerDay: trials, cpuSecondsPerDay: 0, scannedBytesPerDay: 0, storedBytes: 0 };
  for (const [name, most] of Object.entries(limits) as [LimitName, number | undefined][]) {
    if (most === undefined) continue;
    const used = usage[name];
    // What is not counted ahead is over when it is used up.
    const isOver = more[name] > 0 ? used + more[name] > most : used >= most;
    if (isOver) return { outcome: 'over_quota', limit: name, most, used, wanted: more[name] };
  }
  return null;
}

/** Bytes that a result takes in the artifact store; its bars are not among them, since runs share them. */
export function bytesOf(result: StoredResult | StoredSweepResult): number {
  if ('table' in result) return result.table.bytes;
  const { curve, pyramid, trades, orders, logs, plots, tables } = result;
  return [curve, pyramid, trades, orders, logs, plots, tables].reduce((sum, ref) => sum + (ref?.bytes ?? 0), 0);
}
