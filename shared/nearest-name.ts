/** The known name that is most like the given one, in any case; null when none is near enough to be what was meant. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const distances = known.map((each) => ({ each, edits: editDistance(name.toLowerCase(), each.toLowerCase()) }));
  const best = distances.reduce<(typeof distances)[number] | null>((a, b) => (a !== null && a.edits <= b.edits ? a : b), null);
  return best !== null && best.edits <= Math.max(1, Math.floor(name.length / 3)) ? best.each : null;
}

/** Insertions, deletions and replacements of one character that turn `a` into `b` (Levenshtein 1966), row by row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
