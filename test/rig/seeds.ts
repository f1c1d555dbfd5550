import { nextUniform, seededState } from '../../engine/seeded-random.ts';

/** The first seed of each test; a failing test names its own. */
const FIRST = Number(process.env.FAULT_SEED ?? 20_261_123);
/** How often the test of a killed worker is run; every other test up to three times. */
const ROUNDS = Number(process.env.FAULT_SEEDS ?? 1);

/** The seeds of a test, for `it.each`. */
export function seeds({ most = 3 }: { most?: number } = {}): number[] {
  return Array.from({ length: Math.min(ROUNDS, most) }, (_, round) => FIRST + round);
}

/** Cases that are much alike: `npm test` takes the first so many of them, `npm run test:faults` all. */
export function alike<Case>(cases: readonly Case[], first: number): readonly Case[] {
  return process.env.FAULT_SEEDS === undefined ? cases.slice(0, first) : cases;
}

export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  between(low: number, high: number): number;
  pick<Value>(values: readonly Value[]): Value;
}

export function randomOf(seed: number): Random {
  const state = seededState(seed);
  const uniform = (): number => nextUniform(state);
  return {
    uniform,
    between: (low, high) => low + uniform() * (high - low),
    pick: (values) => values[Math.floor(uniform() * values.length)]!,
  };
}
