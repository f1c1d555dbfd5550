import type { RuleFault } from '#shared/rules.ts';
import { RefusedError } from '@/lib/api.ts';

/** Of a spec; in an expression with its place. */
export type Fault = RuleFault;

export function faultsOf(error: unknown): readonly Fault[] {
  return error instanceof RefusedError ? error.problem.errors : [];
}

/** What is wrong at a path or below it. */
export function faultAt(faults: readonly Fault[], path: string): string | undefined {
  const found = faults.filter((fault) => isAt(fault, path));
  return found.length === 0 ? undefined : found.map(({ message }) => message).join('; ');
}

/** Faults that none of the fields shows. */
export function otherFaults(faults: readonly Fault[], shown: readonly string[]): Fault[] {
  return faults.filter((fault) => !shown.some((path) => isAt(fault, path)));
}

const isAt = (fault: Fault, path: string): boolean =>
  fault.path === path || fault.path.startsWith(`${path}.`) || fault.path.startsWith(`${path}[`);
