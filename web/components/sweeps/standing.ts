import type { Trial } from '#shared/sweep.ts';

/** How a trial stands among those one step away from it. */
type Standing = 'alone' | 'peak' | 'plateau' | 'none';

/** Neighbours that lose so much of the objective make a peak a lonely one. */
const LONELY = 0.5;

export function standingOf(
  { objective, robust, neighbours }: Pick<Trial, 'objective' | 'robust' | 'neighbours'>,
  direction: 'max' | 'min',
): Standing {
  if (objective === null || robust === null) return 'none';
  if (neighbours === 0) return 'alone';
  // `robust` counts the trial itself, too.
  const around = (robust * (neighbours + 1) - objective) / neighbours;
  const lost = direction === 'max' ? objective - around : around - objective;
  return lost > LONELY * Math.abs(objective) ? 'peak' : 'plateau';
}
