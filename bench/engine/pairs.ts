import type { Pair } from './work.ts';

/** Fast 2..60 in steps of 2, slow 20..200 in steps of 5, fast < slow. */
export function smaPairs(): Pair[] {
  const fast = Array.from({ length: 30 }, (_, k) => 2 + 2 * k);
  const slow = Array.from({ length: 37 }, (_, k) => 20 + 5 * k);
  return fast.flatMap((f) => slow.filter((s) => f < s).map((s): Pair => [f, s]));
}
