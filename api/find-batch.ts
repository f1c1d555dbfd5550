import type { FastifyRequest } from 'fastify';
import type * as z from 'zod';
import type { BatchRow } from '../results/batches.ts';
import type { ResultStore } from '../results/store.ts';
import { HoldfastError } from '../shared/errors.ts';
import type { RunParams } from './find-run.ts';

/** The batch an address names. Fails with `not_found`, also when it is someone else's. */
export async function findBatch(
  store: Pick<ResultStore, 'getBatch'>,
  { owner, params }: FastifyRequest<{ Params: z.infer<typeof RunParams> }>,
): Promise<BatchRow> {
  const batch = await store.getBatch(owner, params.id);
  if (batch === null) throw new HoldfastError('not_found', `There is no batch ${params.id}.`);
  return batch;
}
