import { isPlane, partsOf, type NumberNode, type Plane } from './graph.ts';
import type { Operand } from './maths.ts';
import { partsBelow } from './parts.ts';
import { createSteps } from './steps.ts';

/** Bars that are computed at once where there are scratch columns of numbers: few enough for all to stay in the processor's first cache. */
const BLOCK = 1_024;
/** The same where there are only bits. */
const BLOCK_OF_BITS = 4 * BLOCK;

/** Computes nodes for a block of bars at a time. Results are scratch memory: they last until the next block. */
export interface Blocks {
  /** Most bars that are computed at once: a power of two. */
  readonly size: number;
  /** Computes the bars [from, from + count), at most `size`. */
  run(from: number, count: number): void;
  /** Element `at` belongs to bar `from`. */
  numbers(node: NumberNode): Operand;
  /** Writes the bits of the block to `out` from word `word` on: bit k of its word w belongs to bar from + 32 w + k. Bits behind the last bar are 0. */
  copyBits(plane: Plane, out: Int32Array, word?: number): void;
}

/**
 * A list of tight loops over typed arrays, one for each node, in an order in which each comes after those it reads: nothing of the user's text is
 * left in it but numbers.
 */
export function createBlocks(
  roots: readonly (NumberNode | Plane)[],
  columns: ReadonlyMap<NumberNode, Float64Array>,
  planesOf: (words: number) => () => Int32Array = newPlanes,
): Blocks {
  const nodes = partsBelow(roots, (node) => columns.has(node as NumberNode));
  // A condition that looks one bar back is unknown at the first bar of a block, so blocks start so many bars early.
  const furthest = looksBack(nodes);
  const size = nodes.every((node) => isPlane(node) || columns.has(node)) ? BLOCK_OF_BITS : BLOCK;
  const words = Math.ceil((size + furthest) / 32);
  const { steps, moving, numbers, planes, now } = createSteps(nodes, { columns, words, newPlane: planesOf(words) });
  let lead = 0;
  return {
    size,
    run(from, count) {
      lead = Math.min(from, furthest);
      now.count = count + lead;
      for (const whole of moving) whole.at = from - lead;
      for (const step of steps) step();
    },
    numbers(node) {
      const { array, at } = numbers.get(node)!;
      return { array, at: at + lead };
    },
    copyBits: (plane, out, word = 0) => copyBits(planes.get(plane)!, { count: now.count, lead }, out, word),
  };
}

function newPlanes(words: number): () => Int32Array {
  return () => new Int32Array(words);
}

const shared = new Map<number, Int32Array[]>();

/**
 * Planes that all blocks write to, for whoever copies the bits before other blocks run: the trials of a sweep then work in the same few kilobytes, which
 * stay in the processor's first cache.
 */
export function sharedPlanes(words: number): () => Int32Array {
  const planes = shared.get(words) ?? [];
  shared.set(words, planes);
  let used = 0;
  return () => (planes[used++] ??= new Int32Array(words));
}

/** How many bars before a bar its conditions look at, one after the other. */
function looksBack(nodes: readonly (NumberNode | Plane)[]): number {
  const depths = new Map<NumberNode | Plane, number>();
  for (const node of nodes) {
    const below = partsOf(node).reduce((most, part) => Math.max(most, depths.get(part) ?? 0), 0);
    depths.set(node, below + (node.kind === 'before' ? 1 : 0));
  }
  return Math.max(0, ...depths.values());
}

/** Leaves out the `lead` bits in front, and clears those behind the last. */
function copyBits(bits: Int32Array, { count, lead }: { count: number; lead: number }, out: Int32Array, word: number): void {
  const bars = count - lead;
  const first = lead >>> 5;
  const shift = lead & 31;
  const last = (bars - 1) >>> 5;
  for (let w = 0; w <= last; w++) {
    const low = bits[first + w]!;
    out[word + w] = shift === 0 ? low : (low >>> shift) | (bits[first + w + 1]! << (32 - shift));
  }
  if ((bars & 31) !== 0) out[word + last] = out[word + last]! & ((1 << (bars & 31)) - 1);
}
