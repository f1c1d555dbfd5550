import { createHash } from 'node:crypto';

/** Uniform numbers in [0, 1) in steps of 2^-32. */
export type Uniform = () => number;

/**
 * The generator sfc32 ("small fast counting", Chris Doty-Humphrey, PractRand): 32-bit integer steps only, so every machine gives the same
 * numbers. The seed is a text; texts that differ give independent sequences.
 */
export function createUniform(seed: string): Uniform {
  const digest = createHash('sha256').update(seed).digest();
  let a = digest.readInt32LE(0);
  let b = digest.readInt32LE(4);
  let c = digest.readInt32LE(8);
  let counter = 1;
  return () => {
    const mixed = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + mixed) | 0;
    return (mixed >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers by Marsaglia's polar method: of the elementary functions only log and sqrt, which agree between Node versions. */
export function createNormal(uniform: Uniform): () => number {
  let spare = 0;
  let hasSpare = false;
  return () => {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * scale;
      hasSpare = true;
      return u * scale;
    }
  };
}
