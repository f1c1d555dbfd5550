import { createCompareKernel, PLANE } from './compare-kernel.ts';
import type { Operand } from './maths.ts';
import { createStage, STAGE_BYTES } from './staged-columns.ts';

/** Bits that say how two columns lie to each other: bit k of word w belongs to element 32 w + k. None is set where one of them is NaN. */
export interface Comparison {
  above: Int32Array;
  below: Int32Array;
  equal: Int32Array;
}

type Compare = (a: Operand, b: Operand, count: number, out: Comparison) => boolean;

/** Most words that the kernel compares at once. */
const MOST_WORDS = PLANE / Int32Array.BYTES_PER_ELEMENT;

let fixedColumns: Compare | null = null;

/** Writes the comparison of `count` elements, rounded up to whole words: what stands behind the last element means nothing. */
export function compare(a: Operand, b: Operand, count: number, out: Comparison): void {
  if (a.isFixed && b.isFixed) {
    fixedColumns ??= createFixedCompare();
    if (fixedColumns(a, b, count, out)) return;
  }
  comparePlainly(a, b, count, out);
}

/** Compares columns that never change, with the kernel. Returns false where it cannot. */
function createFixedCompare(): Compare {
  const kernel = createCompareKernel(STAGE_BYTES + 3 * PLANE);
  const stage = createStage(kernel.memory);
  const planes = [0, 1, 2].map((plane) => new Int32Array(kernel.memory, STAGE_BYTES + plane * PLANE, MOST_WORDS));
  return (a, b, count, { above, below, equal }) => {
    const words = (count + 31) >>> 5;
    const isInTwoPlaces = a.array === b.array && a.at !== b.at;
    const left = words > MOST_WORDS || isInTwoPlaces ? null : stage(a.array, a.at, count);
    const right = left === null ? null : stage(b.array, b.at, count);
    if (left === null || right === null) return false;
    kernel.compare(left, right, words, STAGE_BYTES);
    copyWords(planes[0]!, above, words);
    copyWords(planes[1]!, below, words);
    copyWords(planes[2]!, equal, words);
    return true;
  };
}

/** For so few a loop is quicker than `set`. */
function copyWords(from: Int32Array, to: Int32Array, words: number): void {
  for (let w = 0; w < words; w++) to[w] = from[w]!;
}

/** Nothing is read behind the last element. */
function comparePlainly({ array: x, at: i }: Operand, { array: y, at: j }: Operand, count: number, out: Comparison): void {
  const { above, below, equal } = out;
  for (let start = 0; start < count; start += 32) {
    const end = Math.min(32, count - start);
    let more = 0;
    let less = 0;
    let same = 0;
    for (let k = 0; k < end; k++) {
      const a = x[i + start + k]!;
      const b = y[j + start + k]!;
      more |= +(a > b) << k;
      less |= +(a < b) << k;
      same |= +(a === b) << k;
    }
    above[start >>> 5] = more;
    below[start >>> 5] = less;
    equal[start >>> 5] = same;
  }
}
