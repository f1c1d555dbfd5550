import { CompensatedSum } from '../compensated-sum.ts';
import { DAY_MS } from './daily-equity.ts';

export interface Drawdowns {
  /** Deepest fall of equity from its highest value so far (starting cash included), marked at closes: a fraction ≤ 0. */
  maxDrawdown: number;
  /** Longest time from a peak to the first bar that is back at it, or to the last bar: calendar days. */
  maxDrawdownDuration: number;
  /** Mean depth of all drawdowns, each measured at its deepest bar, one that still lasts included: a fraction ≤ 0, NaN without any. */
  avgDrawdown: number;
}

/** Follows drawdowns bar by bar. A drawdown goes from a peak to the first bar that is back at its level. */
export function createDrawdowns(cash: number): { add(ts: Float64Array, equity: Float64Array): void; finish(): Drawdowns } {
  const depths = new CompensatedSum();
  let count = 0;
  // The peak so far and the lowest equity since. Fields, because captured variables would be allocated anew at every change.
  const now = { peak: cash, peakTs: NaN, trough: cash };
  let lastTs = NaN;
  let maxDrawdown = 0;
  let longestMs = 0;

  function endDrawdown(ts: number): void {
    const depth = now.trough / now.peak - 1;
    longestMs = Math.max(longestMs, ts - now.peakTs);
    maxDrawdown = Math.min(maxDrawdown, depth);
    depths.add(depth);
    count++;
  }

  return {
    add(ts, equity) {
      if (ts.length > 0 && Number.isNaN(now.peakTs)) now.peakTs = ts[0]!;
      for (let i = 0; i < ts.length; i++) {
        const value = equity[i]!;
        if (value >= now.peak) {
          if (now.trough < now.peak) endDrawdown(ts[i]!);
          now.peak = now.trough = value;
          now.peakTs = ts[i]!;
        } else if (value < now.trough) now.trough = value;
      }
      lastTs = ts.at(-1) ?? lastTs;
    },
    finish() {
      if (now.trough < now.peak) endDrawdown(lastTs);
      return { maxDrawdown, maxDrawdownDuration: longestMs / DAY_MS, avgDrawdown: depths.value / count };
    },
  };
}
