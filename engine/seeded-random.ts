/** State of a generator: four 32-bit integers. Plain JSON, so that it can be part of a checkpoint; each draw changes it in place. */
export type RandomState = [a: number, b: number, c: number, counter: number];

/** Draws thrown away at the start, until the bits of the seed have spread over the whole state. */
const WARM_UP = 12;

/** The state that belongs to a seed, an integer from 0 to 2^32 - 1. */
export function seededState(seed: number): RandomState {
  const state: RandomState = [0, seed | 0, 0, 1];
  for (let i = 0; i < WARM_UP; i++) nextWord(state);
  return state;
}

/** Uniform in [0, 1), in steps of 2^-53. */
export function nextUniform(state: RandomState): number {
  const high = nextWord(state) >>> 5;
  const low = nextWord(state) >>> 6;
  return (high * 67_108_864 + low) / 9_007_199_254_740_992;
}

/**
 * Uniform integer in [0, 2^32) by sfc32 ("small fast counting", C. Doty-Humphrey, PractRand, 2010): integer steps only, so that every machine gives the same
 * numbers.
 */
function nextWord(state: RandomState): number {
  const [a, b, c, counter] = state;
  const mixed = (((a + b) | 0) + counter) | 0;
  state[0] = b ^ (b >>> 9);
  state[1] = (c + (c << 3)) | 0;
  state[2] = (((c << 21) | (c >>> 11)) + mixed) | 0;
  state[3] = (counter + 1) | 0;
  return mixed >>> 0;
}
