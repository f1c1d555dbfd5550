import { canonicalJson } from '../../shared/canonical-json.ts';
import type { SweepSpec } from '../../shared/sweep-spec.ts';
import { planOf, type SweepPlan } from '../../strategies/sweep/plan.ts';

/** Sweeps that a thread may work on in turns. */
const KEPT = 4;

/** Plans of sweeps by what they follow from: the points of a large space are gone through once a thread. */
export function createPlans(): (spec: SweepSpec) => SweepPlan {
  const kept = new Map<string, SweepPlan>();
  return (spec) => {
    const { space, where, search, strategy, seed, objective, figures } = spec;
    const key = canonicalJson({ space, where, kind: search.kind, strategy, seed, objective, figures });
    const plan = kept.get(key) ?? planOf(spec);
    kept.delete(key);
    kept.set(key, plan);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
    return plan;
  };
}
