import { nearestName } from '../shared/nearest-name.ts';

const MOST_LISTED = 20;

/** A sentence that helps after a wrong name: the nearest known one, and all of them where they are few. */
export function didYouMean(word: string, known: readonly string[]): string {
  const best = nearestName(word, known);
  const question = best === null ? '' : `Did you mean "${best}"? `;
  return known.length > MOST_LISTED ? `${question}${known.length} are known.` : `${question}Known: ${known.join(', ')}.`;
}
