import type { Reconciled } from '../activities/reconcile.ts';
import { reconciler } from './activity-options.ts';

/** Started by a schedule: makes rows and workflows agree again. */
export async function reconcile(): Promise<Reconciled> {
  return reconciler.reconcile();
}
