import { createSum } from '../compensated-sum.ts';
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
  const depths = createSum();
  let count = 0;
  let peak = cash;
  let peakTs = NaN;
  let lastTs = NaN;
  let depth = 0;
  let deepest = 0;
  let longestMs = 0;

  function endDrawdown(ts: number): void {
    longestMs = Math.max(longestMs, ts - peakTs);
    deepest = Math.min(deepest, depth);
    depths.add(depth);
    count++;
    depth = 0;
  }

  return {
    add(ts, equity) {
      if (ts.length > 0 && Number.isNaN(peakTs)) peakTs = ts[0]!;
      for (let i = 0; i < ts.length; i++) {
        const value = equity[i]!;
        if (value >= peak) {
          if (depth < 0) endDrawdown(ts[i]!);
          peak = value;
          peakTs = ts[i]!;
        } else {
          const fall = value / peak - 1;
          if (fall < depth) depth = fall;
        }
      }
      lastTs = ts.at(-1) ?? lastTs;
    },
    finish() {
      if (depth < 0) endDrawdown(lastTs);
      return { maxDrawdown: deepest, maxDrawdownDuration: longestMs / DAY_MS, avgDrawdown: depths.value() / count };
    },
  };
}
