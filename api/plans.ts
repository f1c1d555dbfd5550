import type { Limits } from '../shared/limits.ts';
import type { Identity } from './auth/identity.ts';
import type { Plans } from './auth/settings.ts';

/** What an owner may have and use. */
export type LimitsOf = (identity: Pick<Identity, 'plan'>) => Limits;

export function limitsByPlan(plans: Plans = {}): LimitsOf {
  const { default: otherwise = {} } = plans;
  return ({ plan }) => (plan !== null && Object.hasOwn(plans, plan) ? plans[plan]! : otherwise);
}
