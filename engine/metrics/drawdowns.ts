import { CompensatedSum } from '../compensated-sum.ts';
import { DAY_MS } from '../timeframes/local-time.ts';

/** A fall of equity below its highest value so far, from that peak to the first bar that is back at it. Times in milliseconds. */
export interface Drawdown {
  startTs: number;
  troughTs: number;
  /** The bar that is back at the peak; null while it lasts. */
  recoveryTs: number | null;
  /** The last bar that belongs to it: the recovery, or the last bar of the curve. */
  endTs: number;
  /** Trough over peak, minus one: a fraction < 0. */
  depth: number;
}

export interface DrawdownFollower {
  /** Points of the curve in bar order. */
  add(ts: Float64Array, equity: Float64Array): void;
  /** Reports the drawdown that still lasts, if there is one. */
  finish(): void;
  /** Sum over all bars of the squared fall from the peak so far, as fractions of it; known after `finish`. */
  squares(): number;
}

/**
 * Follows a curve bar by bar and reports each drawdown when it ends. The first peak is the starting cash. Equity is marked at closes, so
 * a fall within a bar does not show.
 */
export function followDrawdowns(cash: number, onEnd: (drawdown: Drawdown) => void): DrawdownFollower {
  const now = { peak: cash, peakTs: NaN, trough: cash, troughTs: NaN, lastTs: NaN, squares: 0, squaresBefore: 0 };

  function end(endTs: number, recovered: boolean): void {
    const { peakTs: startTs, troughTs } = now;
    now.squaresBefore += now.squares / now.peak / now.peak;
    now.squares = 0;
    onEnd({ startTs, troughTs, recoveryTs: recovered ? endTs : null, endTs, depth: now.trough / now.peak - 1 });
  }

  /** Goes on to the first bar from `start` on that is back at the peak. Sums in variables, since fields would be written at every bar. */
  function fallUntil(ts: Float64Array, equity: Float64Array, start: number): number {
    const { peak } = now;
    const { length } = equity;
    let { trough, squares } = now;
    let lowest = -1;
    let i = start;
    for (; i < length && equity[i]! < peak; i++) {
      const value = equity[i]!;
      if (value < trough) {
        trough = value;
        lowest = i;
      }
      // In money: one division a drawdown instead of one a bar.
      const fall = peak - value;
      squares += fall * fall;
    }
    if (lowest >= 0) now.troughTs = ts[lowest]!;
    now.trough = trough;
    now.squares = squares;
    return i;
  }

  return {
    add(ts, equity) {
      if (ts.length > 0 && Number.isNaN(now.peakTs)) now.peakTs = ts[0]!;
      for (let i = 0; i < ts.length;) {
        i = fallUntil(ts, equity, i);
        for (; i < ts.length && equity[i]! >= now.peak; i++) {
          if (now.trough < now.peak) end(ts[i]!, true);
          now.peak = now.trough = equity[i]!;
          now.peakTs = ts[i]!;
        }
      }
      now.lastTs = ts.at(-1) ?? now.lastTs;
    },
    finish() {
      if (now.trough < now.peak) end(now.lastTs, false);
    },
    squares: () => now.squaresBefore,
  };
}

export interface DrawdownFigures {
  /** Deepest fall of equity from its highest value so far (starting cash included), marked at closes: a fraction ≤ 0. */
  maxDrawdown: number;
  /** Longest time from a peak to the first bar that is back at it, or to the last bar: calendar days. */
  maxDrawdownDuration: number;
  /** Mean depth of all drawdowns, each measured at its deepest bar, one that still lasts included: a fraction ≤ 0, NaN without any. */
  avgDrawdown: number;
  /**
   * Ulcer index: √mean(d²) over all bars, d = equity over its highest value so far, minus one; 0 at a peak. A fraction ≥ 0; NaN without bars.
   * P. Martin and B. McCann, The Investor's Guide to Fidelity Funds, 1989 (there in percent).
   */
  ulcerIndex: number;
}

/** The figures that are taken over all drawdowns of a curve. */
export function createDrawdowns(cash: number): { add(ts: Float64Array, equity: Float64Array): void; finish(): DrawdownFigures } {
  const depths = new CompensatedSum();
  let count = 0;
  let bars = 0;
  let deepest = 0;
  let longestMs = 0;
  const follower = followDrawdowns(cash, ({ startTs, endTs, depth }) => {
    longestMs = Math.max(longestMs, endTs - startTs);
    deepest = Math.min(deepest, depth);
    depths.add(depth);
    count++;
  });
  return {
    add(ts, equity) {
      bars += ts.length;
      follower.add(ts, equity);
    },
    finish() {
      follower.finish();
      return {
        maxDrawdown: deepest,
        maxDrawdownDuration: longestMs / DAY_MS,
        avgDrawdown: depths.value / count,
        ulcerIndex: Math.sqrt(follower.squares() / bars),
      };
    },
  };
}
