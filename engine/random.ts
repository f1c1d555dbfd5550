/** State of the generator: four 32-bit integers, plain JSON. */
export type RandomState = [number, number, number, number];

export function seedRandom(seed: number): RandomState {
  const state: RandomState = [seed | 0, 0, 0, 1];
  // The seed reaches all words within a dozen steps (PractRand).
  for (let i = 0; i < 12; i++) nextRandom(state);
  return state;
}

/** Uniform in [0, 1) by the generator sfc32 (Chris Doty-Humphrey, PractRand): integer steps only, so every machine gives the same numbers. */
export function nextRandom(state: RandomState): number {
  const [a, b, c, counter] = state;
  const mixed = (((a + b) | 0) + counter) | 0;
  state[0] = b ^ (b >>> 9);
  state[1] = (c + (c << 3)) | 0;
  state[2] = (((c << 21) | (c >>> 11)) + mixed) | 0;
  state[3] = (counter + 1) | 0;
  return (mixed >>> 0) / 4_294_967_296;
}
