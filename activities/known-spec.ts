import { HoldfastError } from '../shared/errors.ts';
import { faultsOf } from '../shared/faults.ts';
import { BacktestSpec } from '../shared/spec.ts';

/** False after a rollback, for a run that a newer version accepted: done without what is not known here, it would be another run. */
export function isKnownSpec(spec: BacktestSpec): boolean {
  return BacktestSpec.safeParse(spec).success;
}

/** Fails with `spec_not_known`, which is tried again until a version comes that knows it. */
export function requireKnownSpec(spec: BacktestSpec): void {
  const { error } = BacktestSpec.safeParse(spec);
  if (error === undefined) return;
  const remedy = 'Deploy the version that accepted the run, or cancel it.';
  throw new HoldfastError('spec_not_known', `This version cannot do all that the spec asks for. ${remedy}`, { faults: faultsOf(error) });
}
