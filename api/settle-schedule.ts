import type { FastifyRequest } from 'fastify';
import type { ScheduleRow } from '../results/schedules.ts';
import { HoldfastError } from '../shared/errors.ts';
import type { ApiDependencies } from './dependencies.ts';

type Ports = Pick<ApiDependencies, 'store' | 'orchestrator'>;

/** Makes Temporal's schedule of a row that was written. The row is what counts: where this fails, the reconciler does it. */
export async function settleWritten({ store, orchestrator }: Ports, row: ScheduleRow, { log }: Pick<FastifyRequest, 'log'>): Promise<void> {
  try {
    await orchestrator.schedules.settle(store, row);
  } catch (error) {
    log.warn({ err: error, schedule: row.id }, 'the schedule was not made in Temporal: left to the reconciler');
  }
}

/** Fails with `orchestrator_unavailable` while Temporal does not answer. */
export async function requireTemporal({ orchestrator }: Pick<Ports, 'orchestrator'>): Promise<void> {
  if (await orchestrator.available()) return;
  throw new HoldfastError('orchestrator_unavailable', 'Temporal does not answer, and nothing was changed. Try again soon.');
}
