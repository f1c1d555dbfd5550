import type { Operand } from './maths.ts';

/** Bits that say how two columns lie to each other: bit k of word w belongs to element 32 w + k. None is set where one of them is NaN. */
export interface Comparison {
  above: Int32Array;
  below: Int32Array;
  equal: Int32Array;
}

/** Writes the comparison of `count` elements, rounded up to whole words: what stands behind the last element means nothing. */
export function compare(a: Operand, b: Operand, count: number, out: Comparison): void {
  const words = (count + 31) >>> 5;
  let isSteady = true;
  for (let word = 0; word < words; word++) {
    const last = word === words - 1 && (count & 31) !== 0;
    if (last) compareFew(a, b, count, out);
    else isSteady = isSteady ? compareSteady(a, b, word, out) : compareRestless(a, b, word, out);
  }
}

/**
 * A word of columns that keep their order for long: groups of four that all lie the same way are one guess, nearly always right. Returns
 * whether that was so.
 */
function compareSteady({ array: x, at: i }: Operand, { array: y, at: j }: Operand, word: number, out: Comparison): boolean {
  let above = 0;
  let below = 0;
  let equal = 0;
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
    if (a0 > b0 && a1 > b1 && a2 > b2 && a3 > b3) above |= 15 << k;
    else if (a0 < b0 && a1 < b1 && a2 < b2 && a3 < b3) below |= 15 << k;
    else {
      mixed++;
      above |= (+(a0 > b0) | (+(a1 > b1) << 1) | (+(a2 > b2) << 2) | (+(a3 > b3) << 3)) << k;
      below |= (+(a0 < b0) | (+(a1 < b1) << 1) | (+(a2 < b2) << 2) | (+(a3 < b3) << 3)) << k;
      equal |= (+(a0 === b0) | (+(a1 === b1) << 1) | (+(a2 === b2) << 2) | (+(a3 === b3) << 3)) << k;
    }
  }
  out.above[word] = above;
  out.below[word] = below;
  out.equal[word] = equal;
  return mixed < 3;
}

/** A word of columns whose order changes often: no branch, because it would be guessed wrong. Returns whether they have calmed down. */
function compareRestless({ array: x, at: i }: Operand, { array: y, at: j }: Operand, word: number, out: Comparison): boolean {
  let above = 0;
  let below = 0;
  let equal = 0;
  const p = i + word * 32;
  const q = j + word * 32;
  for (let k = 0; k < 32; k++) {
    const a = x[p + k]!;
    const b = y[q + k]!;
    above |= +(a > b) << k;
    below |= +(a < b) << k;
    equal |= +(a === b) << k;
  }
  out.above[word] = above;
  out.below[word] = below;
  out.equal[word] = equal;
  return above === -1 || below === -1;
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
