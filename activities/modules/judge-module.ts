import type { LookAhead, Verdicts } from '../../shared/run.ts';
import type { ModuleAudit, ModuleAuditJob, ModuleSlices } from './module-slices.ts';

/**
 * Whether a module decided by what it could not have known. Where it decides otherwise without later bars, it is asked once more with all of them: one that
 * then does not decide as it did either is not repeatable, and nothing can be said of look-ahead. A module that fails an audit by ending its process
 * has no verdict.
 */
export async function judgeModule(modules: Pick<ModuleSlices, 'audit'>, job: Omit<ModuleAuditJob, 'hidden'>): Promise<Verdicts> {
  try {
    const audit = await modules.audit({ ...job, hidden: true });
    if (audit === null || audit.firstDifference === null) return { lookAhead: verdictOf(audit) };
    const control = await modules.audit({ ...job, hidden: false });
    return control?.firstDifference === null ? { lookAhead: verdictOf(audit) } : { lookAhead: null, repeatable: false };
  } catch {
    return { lookAhead: null };
  }
}

function verdictOf(audit: ModuleAudit): LookAhead | null {
  if (audit === null) return null;
  const { samples, firstDifference } = audit;
  return {
    passed: firstDifference === null,
    samples,
    firstDifference: firstDifference === null ? null : new Date(firstDifference).toISOString(),
  };
}
