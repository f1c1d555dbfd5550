import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { FullRunRow, ResultStore } from '../results/store.ts';
import { HoldfastError } from '../shared/errors.ts';

export const RunParams = z.object({ id: z.string() });

/** The run an address names. Fails with `not_found`, also when it is someone else's. */
export async function findRun(
  store: ResultStore,
  { owner, params }: FastifyRequest<{ Params: z.infer<typeof RunParams> }>,
): Promise<FullRunRow> {
  const run = await store.get(owner, params.id);
  if (run === null) throw noSuchRun(params.id);
  return run;
}

export function noSuchRun(id: string): HoldfastError {
  return new HoldfastError('not_found', `There is no run ${id}. GET /v1/backtests lists them.`);
}
