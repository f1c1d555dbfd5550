import type { Bars } from '../../shared/bars.ts';
import { createExtremes } from './extremes.ts';

interface Held {
  readonly cash: number;
  readonly units: number;
}

/** The peak of one run so far, its lowest equity since, and the deepest fall before. */
export interface FallOfRun {
  peak: number;
  trough: number;
  deepest: number;
}

/**
 * Follows the deepest fall of the equity from its peak, marked at closes, and whether anything is left of it. Equity rises and falls with the close
 * (also after rounding, which keeps order), so a range of bars without a new peak is done with its two extremes.
 */
export function createFall({ close }: Bars) {
  const extremes = createExtremes(close);
  return {
    start: (cash: number): FallOfRun => ({ peak: cash, trough: cash, deepest: 0 }),
    /** Marks the bars [from, to), one at least. Returns false where no equity was left at one of them. */
    follow(run: FallOfRun, { cash, units }: Held, from: number, to: number): boolean {
      if (units === 0) {
        mark(run, cash);
        return cash > 0;
      }
      extremes.look(from, to);
      const { highest, lowest } = extremes;
      const worst = cash + units * (units > 0 ? lowest : highest);
      if (worst <= 0) return false;
      if (cash + units * (units > 0 ? highest : lowest) < run.peak) run.trough = Math.min(run.trough, worst);
      else for (let i = from; i < to; i++) mark(run, cash + units * close[i]!);
      return true;
    },
  };
}

/** Equity at the peak ends a fall, as it does in the list of drawdowns. */
function mark(run: FallOfRun, equity: number): void {
  if (equity >= run.peak) {
    run.deepest = deepestFall(run);
    run.peak = run.trough = equity;
  } else if (equity < run.trough) run.trough = equity;
}

/** Of the whole run so far: a fraction ≤ 0. */
export function deepestFall({ peak, trough, deepest }: FallOfRun): number {
  return trough < peak ? Math.min(deepest, trough / peak - 1) : deepest;
}
