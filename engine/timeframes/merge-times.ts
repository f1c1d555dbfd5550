/** The sorted union of sorted times. The array itself where there is only one, or all are the same. */
export function mergeTimes(all: readonly Float64Array[]): Float64Array {
  const first = all[0] ?? new Float64Array(0);
  if (all.every((each) => each === first || isSame(each, first))) return first;
  const merged = new Float64Array(all.reduce((sum, each) => sum + each.length, 0));
  let length = 0;
  for (const each of all) {
    merged.set(each, length);
    length += each.length;
  }
  merged.sort();
  return merged.filter((time, i) => i === 0 || time !== merged[i - 1]);
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((time, i) => time === b[i]);
}
