import { createHash } from 'node:crypto';

/** Uniform 32-bit integers (signed), a block at a time. */
export interface WordStream {
  /** The next words. */
  fill(out: Int32Array): void;
  /** The next one. */
  next(): number;
}

/**
 * The generator sfc32 ("small fast counting", Chris Doty-Humphrey, PractRand): 32-bit integer steps only, so every machine gives the same
 * numbers. The seed is a text; texts that differ give independent sequences.
 */
export function createWords(seed: string): WordStream {
  const digest = createHash('sha256').update(seed).digest();
  const state = Int32Array.of(digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8), 1);
  const one = new Int32Array(1);

  function fill(out: Int32Array): void {
    // One by one: what a pattern takes apart is of any type to the compiler, which then boxes it at every step.
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let counter = state[3]!;
    for (let i = 0; i < out.length; i++) {
      const mixed = (((a + b) | 0) + counter) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + mixed) | 0;
      counter = (counter + 1) | 0;
      out[i] = mixed;
    }
    state[0] = a;
    state[1] = b;
    state[2] = c;
    state[3] = counter;
  }

  function next(): number {
    fill(one);
    return one[0]!;
  }

  return { fill, next };
}

/** A number in (0, 1), never 0, for logarithms. */
export function uniform(words: Pick<WordStream, 'next'>): number {
  return ((words.next() >>> 0) + 0.5) / 2 ** 32;
}

/** Fills with standard normal numbers. */
export type Normals = (out: Float64Array) => void;

/** Of the layers of equal area below the density: how many, where the tail begins, and their area (Marsaglia and Tsang 2000, "The ziggurat method"). */
const LAYERS = 128;
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;
/** A word is 7 bits that name the layer, and a number of 25 bits with its sign. */
const LAYER_BITS = 7;
const SCALE = 2 ** 24;

/**
 * Standard normal numbers by the ziggurat: one word for 98 of 100 of them. Of the elementary functions only exp, log and sqrt, which agree between
 * Node versions.
 */
export function createNormals(seed: string): Normals {
  const { edges, widths, heights } = layers();
  const words = createWords(seed);
  // A stream of its own, so that each number takes exactly one word of the other, however the numbers are asked for.
  const further = createWords(`${seed}:further`);
  let block = new Int32Array(0);

  /** Beyond the sure part of a layer: in its wedge or in the tail, or else from another word. */
  function rare(word: number): number {
    for (let drawn = word; ; drawn = further.next()) {
      const layer = drawn & (LAYERS - 1);
      const number = drawn >> LAYER_BITS;
      if (Math.abs(number) < edges[layer]!) return number * widths[layer]!;
      if (layer === 0) return number > 0 ? tail(further) : -tail(further);
      const x = number * widths[layer]!;
      const height = heights[layer]! + uniform(further) * (heights[layer - 1]! - heights[layer]!);
      if (height < Math.exp(-0.5 * x * x)) return x;
    }
  }

  return (out) => {
    if (block.length !== out.length) block = new Int32Array(out.length);
    words.fill(block);
    cut(block, out, { edges, widths, rare });
  };
}

interface Ziggurat {
  edges: Int32Array;
  widths: Float64Array;
  rare: (word: number) => number;
}

/** By itself, with its tables at hand: the loop takes a third of one that reaches for them. */
function cut(words: Int32Array, out: Float64Array, { edges, widths, rare }: Ziggurat): void {
  for (let i = 0; i < out.length; i++) {
    const word = words[i]!;
    const layer = word & (LAYERS - 1);
    const number = word >> LAYER_BITS;
    // Two writes: one of either this or a call's answer would have both boxed.
    out[i] = number * widths[layer]!;
    if ((number < 0 ? -number : number) >= edges[layer]!) out[i] = rare(word);
  }
}

function tail(words: Pick<WordStream, 'next'>): number {
  for (;;) {
    const x = -Math.log(uniform(words)) / TAIL;
    const y = -Math.log(uniform(words));
    if (y + y > x * x) return TAIL + x;
  }
}

/** Of each layer: below which whole number it is surely below the density, how wide a step is, and the density at its outer edge. */
function layers() {
  const edges = new Int32Array(LAYERS);
  const widths = new Float64Array(LAYERS);
  const heights = new Float64Array(LAYERS);
  const density = (x: number): number => Math.exp(-0.5 * x * x);
  let outer = TAIL;
  const base = AREA / density(outer);
  edges[0] = Math.ceil((outer / base) * SCALE);
  widths[0] = base / SCALE;
  heights[0] = 1;
  widths[LAYERS - 1] = outer / SCALE;
  heights[LAYERS - 1] = density(outer);
  for (let i = LAYERS - 2; i > 0; i--) {
    const inner = Math.sqrt(-2 * Math.log(AREA / outer + density(outer)));
    edges[i + 1] = Math.ceil((inner / outer) * SCALE);
    outer = inner;
    heights[i] = density(inner);
    widths[i] = inner / SCALE;
  }
  return { edges, widths, heights };
}
