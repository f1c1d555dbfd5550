/**
 * Positions in the memory that a simulation shares with whoever watches it: a stop flag in, the number of bars done out; of a module also its
 * pulse, which is counted up at each entry into the module's code and at each return from it.
 */
export const CONTROL = { stop: 0, done: 1, pulse: 2 } as const;
