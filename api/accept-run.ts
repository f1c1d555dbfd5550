import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import * as z from 'zod';
import type { FullRunRow, Submission } from '../results/runs.ts';
import { HoldfastError } from '../shared/errors.ts';
import type { ApiDependencies } from './dependencies.ts';
import { IdempotencyKey, idempotencyOf } from './idempotency.ts';
import { runPathOf } from '../shared/names.ts';
import { acceptedOf } from './refuse-submission.ts';
import { toRun } from './run-resource.ts';

/** Headers of whatever makes a run. */
export const AcceptHeaders = z.object({ 'idempotency-key': IdempotencyKey.optional() });

interface Wanted extends Pick<Submission, 'spec' | 'total' | 'verifies'> {
  /** What the Idempotency-Key stands for. */
  payload: unknown;
}

/**
 * Accepts a run: its row is written, and its workflow started. The answer is 202 with the run, also where a key says that it was accepted before. Fails
 * with `orchestrator_unavailable` before anything is written, and with `strategy_disabled`, `key_reused` and `over_quota`.
 */
export function createAcceptance({
  store,
  orchestrator,
  blocks,
  limitsOf,
}: Pick<ApiDependencies, 'store' | 'orchestrator' | 'blocks' | 'limitsOf'>) {
  /** The row is what counts: where this fails, the reconciler starts the workflow. */
  async function start({ id, owner, spec, verifies }: FullRunRow, { log }: FastifyRequest): Promise<void> {
    try {
      await orchestrator.start({ runId: id, owner, spec, checkpoint: null, verifies });
    } catch (error) {
      log.warn({ err: error, run: id }, 'the workflow was not started: left to the reconciler');
    }
  }

  return async (request: FastifyRequest, reply: FastifyReply, { payload, ...wanted }: Wanted): Promise<FastifyReply> => {
    await blocks.refuseStrategies([wanted.spec.strategy.name]);
    if (!(await orchestrator.available()))
      throw new HoldfastError('orchestrator_unavailable', 'Temporal does not answer, and nothing was accepted. Try again soon.');
    // The route has put the header through its schema.
    const idempotency = idempotencyOf(request.headers['idempotency-key'] as string | undefined, payload);
    const limits = limitsOf(request.identity.plan);
    const submission = { id: uuidv7(), kind: 'backtest', owner: request.owner, ...wanted, idempotency, limits } as const;
    const submitted = acceptedOf(await store.submit(submission), reply);
    const { run } = submitted;
    // A replay may come from a client whose first request died right after the row was written.
    if (run.status === 'queued') await start(run, request);
    if (submitted.outcome === 'replayed') reply.header('idempotency-replayed', 'true');
    return reply.code(202).header('location', runPathOf(run.id)).send(toRun(run, orchestrator.webUrl));
  };
}
