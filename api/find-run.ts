import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { FullRunRow } from '../results/runs.ts';
import type { ResultStore } from '../results/store.ts';
import { HoldfastError } from '../shared/errors.ts';
import { isTerminal, type RunKind } from '../shared/names.ts';

export const RunParams = z.object({ id: z.string() });

/** The run an address names. Fails with `not_found`, also when it is someone else's. */
export async function findRun(
  store: ResultStore,
  { owner, params }: FastifyRequest<{ Params: z.infer<typeof RunParams> }>,
): Promise<FullRunRow> {
  return ownRun(store, owner, params.id);
}

/** A run of this owner. Fails with `not_found`, also when it is someone else's. */
export async function ownRun(store: Pick<ResultStore, 'get'>, owner: string, id: string): Promise<FullRunRow> {
  const run = await store.get(owner, id);
  if (run === null) throw noSuchRun(id);
  return run;
}

export function noSuchRun(id: string): HoldfastError {
  return new HoldfastError('not_found', `There is no run ${id}. GET /v1/backtests lists them.`);
}

/** What a run left. Fails with `not_finished` while it goes on, and with `not_found` when it ended with nothing. */
export function resultOf<Kind extends RunKind>({ id, status, error, result }: FullRunRow<Kind>): NonNullable<FullRunRow<Kind>['result']> {
  if (result !== null) return result;
  if (!isTerminal(status)) throw new HoldfastError('not_finished', `The run ${id} is ${status}. Ask again when it has finished.`);
  const reason = error ? `: ${error.message}` : ' before anything was simulated.';
  throw new HoldfastError('not_found', `The run ${id} left no result; it is ${status}${reason}`);
}
