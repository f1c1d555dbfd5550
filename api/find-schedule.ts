import type { FastifyRequest } from 'fastify';
import type * as z from 'zod';
import type { ScheduleRow } from '../results/schedules.ts';
import type { ResultStore } from '../results/store.ts';
import { HoldfastError } from '../shared/errors.ts';
import type { RunParams } from './find-run.ts';

/** The schedule an address names. Fails with `not_found`, also when it is someone else's. */
export async function findSchedule(
  store: Pick<ResultStore, 'getSchedule'>,
  { owner, params }: FastifyRequest<{ Params: z.infer<typeof RunParams> }>,
): Promise<ScheduleRow> {
  const schedule = await store.getSchedule(owner, params.id);
  if (schedule === null) throw noSuchSchedule(params.id);
  return schedule;
}

export function noSuchSchedule(id: string): HoldfastError {
  return new HoldfastError('not_found', `There is no schedule ${id}.`);
}
