import type { FastifyRequest } from 'fastify';
import type * as z from 'zod';
import type { FullRunRow } from '../results/runs.ts';
import type { ResultStore } from '../results/store.ts';
import { HoldfastError } from '../shared/errors.ts';
import type { RunParams } from './find-run.ts';

/** The sweep an address names. Fails with `not_found`, also when it is someone else's. */
export async function findSweep(
  store: Pick<ResultStore, 'get'>,
  { owner, params }: FastifyRequest<{ Params: z.infer<typeof RunParams> }>,
): Promise<FullRunRow<'sweep'>> {
  const sweep = await store.get(owner, params.id, 'sweep');
  if (sweep === null) throw noSuchSweep(params.id);
  return sweep;
}

export function noSuchSweep(id: string): HoldfastError {
  return new HoldfastError('not_found', `There is no sweep ${id}. GET /v1/sweeps lists them.`);
}
