import type { Order } from './book.ts';
import { ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT } from './strategy.ts';

const ENTRIES = ENTER_LONG | ENTER_SHORT;

/** The signals that can lead to an order in a position of this sign (1 long, -1 short, 0 flat). */
export function relevantSignals(side: number): number {
  if (side === 0) return ENTRIES;
  return side > 0 ? EXIT_LONG | ENTER_SHORT : EXIT_SHORT | ENTER_LONG;
}

/** The order that the signals of one bar lead to, or null for none. Entries to both sides at once contradict each other and are ignored. */
export function decide(signals: number, side: number): Order | null {
  const clear = (signals & ENTRIES) === ENTRIES ? signals & ~ENTRIES : signals;
  const relevant = clear & relevantSignals(side);
  if (relevant & ENTER_LONG) return { target: 1 };
  if (relevant & ENTER_SHORT) return { target: -1 };
  return relevant === 0 ? null : { target: 0 };
}
