import type { QuotaStore } from '../../results/quotas.ts';

/** Owners that are remembered; the rows know the others. */
const MOST = 10_000;
/** So long a token keeps a plan that was changed, in other processes than the one that heard of it. */
const KNOWN_MS = 60_000;

export interface OwnerPlans {
  /** Hears of the plan that a session has, and tells the rows where it is new. */
  note(owner: string, plan: string | null): Promise<void>;
  /** The plan of an owner who came otherwise. */
  of(owner: string): Promise<string | null>;
}

export function createOwnerPlans(store: Pick<QuotaStore, 'notePlan' | 'planOf'>): OwnerPlans {
  const known = new Map<string, { plan: string | null; at: number }>();
  const remember = (owner: string, plan: string | null): void => {
    if (known.size >= MOST) known.clear();
    known.set(owner, { plan, at: performance.now() });
  };
  const of = async (owner: string): Promise<string | null> => {
    const found = known.get(owner);
    if (found && performance.now() - found.at < KNOWN_MS) return found.plan;
    const plan = await store.planOf(owner);
    remember(owner, plan);
    return plan;
  };
  return {
    of,
    async note(owner, plan) {
      if ((await of(owner)) === plan) return;
      await store.notePlan(owner, plan);
      remember(owner, plan);
    },
  };
}
