import type { Bars } from '../../shared/bars.ts';
import { createExtremes } from './extremes.ts';

interface Held {
  readonly cash: number;
  readonly units: number;
}

/**
 * Follows the deepest fall of the equity from its peak, marked at closes, and whether anything is left of it. Equity rises and falls with the close
 * (also after rounding, which keeps order), so a range of bars without a new peak is done with its two extremes.
 */
export function createFall({ close }: Bars) {
  const extremes = createExtremes(close);
  const now = { peak: 0, trough: 0, deepest: 0 };

  function endFall(): void {
    if (now.trough < now.peak) now.deepest = Math.min(now.deepest, now.trough / now.peak - 1);
  }

  /** Equity at the peak ends a fall, as it does in the list of drawdowns. */
  function mark(equity: number): void {
    if (equity >= now.peak) {
      endFall();
      now.peak = now.trough = equity;
    } else if (equity < now.trough) now.trough = equity;
  }

  return {
    restart(cash: number): void {
      now.peak = now.trough = cash;
      now.deepest = 0;
    },
    /** Marks the bars [from, to), one at least. Returns false where no equity was left at one of them. */
    follow({ cash, units }: Held, from: number, to: number): boolean {
      if (units === 0) {
        mark(cash);
        return cash > 0;
      }
      extremes.look(from, to);
      const { highest, lowest } = extremes;
      const worst = cash + units * (units > 0 ? lowest : highest);
      if (worst <= 0) return false;
      if (cash + units * (units > 0 ? highest : lowest) < now.peak) now.trough = Math.min(now.trough, worst);
      else for (let i = from; i < to; i++) mark(cash + units * close[i]!);
      return true;
    },
    deepest(): number {
      endFall();
      return now.deepest;
    },
  };
}
