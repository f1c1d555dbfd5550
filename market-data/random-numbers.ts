import { createHash } from 'node:crypto';

/** Uniform integers in [0, 2^32). */
export type Words = () => number;

/**
 * The generator sfc32 ("small fast counting", Chris Doty-Humphrey, PractRand): 32-bit integer steps only, so every machine gives the same
 * numbers. The seed is a text; texts that differ give independent sequences.
 */
export function createWords(seed: string): Words {
  const digest = createHash('sha256').update(seed).digest();
  // An Int32Array rather than four variables: a third faster, since a closure boxes numbers that may pass 31 bits.
  const state = Int32Array.of(digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8), 1);
  return () => {
    const b = state[1]!;
    const c = state[2]!;
    const counter = state[3]!;
    const mixed = (((state[0]! + b) | 0) + counter) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = (c + (c << 3)) | 0;
    state[2] = (((c << 21) | (c >>> 11)) + mixed) | 0;
    state[3] = (counter + 1) | 0;
    return mixed >>> 0;
  };
}

/** Standard normal numbers by Marsaglia's polar method: of the elementary functions only log and sqrt, which agree between Node versions. */
export function createNormal(words: Words): () => number {
  let spare = 0;
  let hasSpare = false;
  return () => {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    for (;;) {
      const u = words() / 2 ** 31 - 1;
      const v = words() / 2 ** 31 - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * scale;
      hasSpare = true;
      return u * scale;
    }
  };
}
