import { SWEEP_LIMIT } from '../../shared/names.ts';
import type { SweepSpec } from '../../shared/sweep-spec.ts';
import type { SweepPlan } from './plan.ts';

/** Some milliseconds. */
const AT_ONCE = 5_000;

/** How many trials a search has: less than are asked for, where the space has no more. Others have their turn at each `pause`. */
export async function countTrials(
  { sequence }: SweepPlan,
  { search, budget }: Pick<SweepSpec, 'search' | 'budget'>,
  pause: () => Promise<unknown>,
): Promise<number> {
  const points = sequence();
  const asked = Math.min(search.trials ?? SWEEP_LIMIT, budget.trials ?? SWEEP_LIMIT);
  while (points.known < asked && !points.ended) {
    points.grow(AT_ONCE);
    await pause();
  }
  return Math.min(asked, points.known);
}
