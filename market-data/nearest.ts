const MOST_LISTED = 20;

/** A sentence that helps after a wrong name: the nearest known one, and all of them where they are few. */
export function didYouMean(word: string, known: readonly string[]): string {
  const best = nearest(word, known);
  const question = best === null ? '' : `Did you mean "${best}"? `;
  return known.length > MOST_LISTED ? `${question}${known.length} are known.` : `${question}Known: ${known.join(', ')}.`;
}

/** The known word with the fewest edits to `word` in any case; null when none shares half of its letters. */
export function nearest(word: string, known: readonly string[]): string | null {
  const ranked = known.map((candidate) => ({ candidate, edits: editDistance(word.toLowerCase(), candidate.toLowerCase()) }));
  ranked.sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= Math.max(word.length, best.candidate.length) / 2 ? best.candidate : null;
}

/** Levenshtein distance: the fewest letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = row[j]! + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
