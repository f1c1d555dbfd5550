/** The known name that is most like the given one, in any case; null when none is near enough to be what was meant. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const distances = known.map((each) => ({ each, edits: editDistance(name.toLowerCase(), each.toLowerCase()) }));
  const best = distances.reduce<(typeof distances)[number] | null>((a, b) => (a !== null && a.edits <= b.edits ? a : b), null);
  return best !== null && best.edits <= Math.max(1, Math.floor(name.length / 3)) ? best.each : null;
}

/**
 * Insertions, deletions and replacements of one character, and swaps of two neighbours, that turn `a` into `b`: optimal string alignment
 * (F. J. Damerau, A Technique for Computer Detection and Correction of Spelling Errors, CACM 7(3), 1964).
 */
function editDistance(a: string, b: string): number {
  const edits = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array.from({ length: b.length }, (__, j) => (i === 0 ? j + 1 : 0))]);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replaced = edits[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? edits[i - 2]![j - 2]! + 1 : Infinity;
      edits[i]![j] = Math.min(replaced, swapped, edits[i - 1]![j]! + 1, edits[i]![j - 1]! + 1);
    }
  }
  return edits[a.length]![b.length]!;
}
