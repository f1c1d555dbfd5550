import type { Operand } from './maths.ts';

/** Bits that say how two columns lie to each other: bit k of word w belongs to element 32 w + k. None is set where one of them is NaN. */
export interface Comparison {
  above: Int32Array;
  below: Int32Array;
  equal: Int32Array;
}

/** Writes the comparison of `count` elements, rounded up to whole words: what stands behind the last element means nothing. */
export function compare(a: Operand, b: Operand, count: number, out: Comparison): void {
  const words = count >>> 5;
  let word = 0;
  while (word < words) {
    word = compareSteady(a, b, { from: word, to: words }, out);
    if (word < words) word = compareRestless(a, b, { from: word, to: words }, out);
  }
  if ((count & 31) !== 0) compareFew(a, b, count, out);
}

/** Words [from, to). */
interface Words {
  from: number;
  to: number;
}

/**
 * Words of columns that keep their order for long: groups of four that all lie the same way are one guess, nearly always right. Returns the word
 * to go on at, where that was no longer so.
 */
function compareSteady(
  { array: x, at: i }: Operand,
  { array: y, at: j }: Operand,
  words: Words,
  { above, below, equal }: Comparison,
): number {
  for (let word = words.from; word < words.to; word++) {
    let more = 0;
    let less = 0;
    let same = 0;
    let mixed = 0;
    const p = i + word * 32;
    const q = j + word * 32;
    for (let k = 0; k < 32; k += 4) {
      const a0 = x[p + k]!;
      const a1 = x[p + k + 1]!;
      const a2 = x[p + k + 2]!;
      const a3 = x[p + k + 3]!;
      const b0 = y[q + k]!;
      const b1 = y[q + k + 1]!;
      const b2 = y[q + k + 2]!;
      const b3 = y[q + k + 3]!;
      if (a0 > b0 && a1 > b1 && a2 > b2 && a3 > b3) more |= 15 << k;
      else if (a0 < b0 && a1 < b1 && a2 < b2 && a3 < b3) less |= 15 << k;
      else {
        mixed++;
        more |= (+(a0 > b0) | (+(a1 > b1) << 1) | (+(a2 > b2) << 2) | (+(a3 > b3) << 3)) << k;
        less |= (+(a0 < b0) | (+(a1 < b1) << 1) | (+(a2 < b2) << 2) | (+(a3 < b3) << 3)) << k;
        same |= (+(a0 === b0) | (+(a1 === b1) << 1) | (+(a2 === b2) << 2) | (+(a3 === b3) << 3)) << k;
      }
    }
    above[word] = more;
    below[word] = less;
    equal[word] = same;
    if (mixed > 3) return word + 1;
  }
  return words.to;
}

/** Words of columns whose order changes often: no branch, because it would be guessed wrong. Returns the word to go on at, where they have calmed down. */
function compareRestless(
  { array: x, at: i }: Operand,
  { array: y, at: j }: Operand,
  words: Words,
  { above, below, equal }: Comparison,
): number {
  for (let word = words.from; word < words.to; word++) {
    let more = 0;
    let less = 0;
    let same = 0;
    const p = i + word * 32;
    const q = j + word * 32;
    for (let k = 0; k < 32; k++) {
      const a = x[p + k]!;
      const b = y[q + k]!;
      more |= +(a > b) << k;
      less |= +(a < b) << k;
      same |= +(a === b) << k;
    }
    above[word] = more;
    below[word] = less;
    equal[word] = same;
    if (more === -1 || less === -1) return word + 1;
  }
  return words.to;
}

/** The last word, where it is not whole: nothing is read behind the last element. */
function compareFew({ array: x, at: i }: Operand, { array: y, at: j }: Operand, count: number, out: Comparison): void {
  let above = 0;
  let below = 0;
  let equal = 0;
  const start = count & ~31;
  for (let k = 0; k < (count & 31); k++) {
    const a = x[i + start + k]!;
    const b = y[j + start + k]!;
    above |= +(a > b) << k;
    below |= +(a < b) << k;
    equal |= +(a === b) << k;
  }
  out.above[start >>> 5] = above;
  out.below[start >>> 5] = below;
  out.equal[start >>> 5] = equal;
}
