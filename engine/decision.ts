import { ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT } from './strategy.ts';

const ENTRIES = ENTER_LONG | ENTER_SHORT;

/** The signals that can lead to an order in a position of this sign (1 long, -1 short, 0 flat). */
function relevantSignals(side: number): number {
  if (side === 0) return ENTRIES;
  return side > 0 ? EXIT_LONG | ENTER_SHORT : EXIT_SHORT | ENTER_LONG;
}

/** What the signals of one bar want to be afterwards (1 long, -1 short, 0 flat), or null for no change. Entries to both sides at once contradict each other and are ignored. */
export function decide(signals: number, side: number): -1 | 0 | 1 | null {
  const clear = (signals & ENTRIES) === ENTRIES ? signals & ~ENTRIES : signals;
  const relevant = clear & relevantSignals(side);
  if (relevant & ENTER_LONG) return 1;
  if (relevant & ENTER_SHORT) return -1;
  return relevant === 0 ? null : 0;
}
