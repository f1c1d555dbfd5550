import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import * as z from 'zod';
import type { FullRunRow, Submission } from '../results/runs.ts';
import { HoldfastError } from '../shared/errors.ts';
import { runPathOf, type RunKind } from '../shared/names.ts';
import type { ApiDependencies } from './dependencies.ts';
import { IdempotencyKey, idempotencyOf } from './idempotency.ts';
import { acceptedOf } from './refuse-submission.ts';
import { toRun } from './run-resource.ts';

/** Headers of whatever makes a run. */
export const AcceptHeaders = z.object({ 'idempotency-key': IdempotencyKey.optional() });

interface Wanted<Kind extends RunKind> extends Pick<Submission<Kind>, 'spec' | 'total' | 'verifies'> {
  /** What the Idempotency-Key stands for. */
  payload: unknown;
}

type AcceptancePorts = Pick<ApiDependencies, 'store' | 'orchestrator' | 'blocks' | 'limitsOf' | 'places'>;

/** What becomes of a run of one kind that was accepted. */
interface Accepted<Kind extends RunKind> {
  kind: Kind;
  start: (run: FullRunRow<Kind>) => Promise<void>;
  /** As its address shows it. */
  shown: (run: FullRunRow<Kind>) => unknown;
}

/**
 * Accepts a run: its row is written, and its workflow started. The answer is 202 with the run, also where a key says that it was accepted before. Fails
 * with `orchestrator_unavailable` before anything is written, and with `strategy_disabled`, `key_reused` and `over_quota`.
 */
export function createAcceptance<Kind extends RunKind>(
  { store, orchestrator, blocks, limitsOf }: AcceptancePorts,
  { kind, start, shown }: Accepted<Kind>,
) {
  return async (request: FastifyRequest, reply: FastifyReply, { payload, ...wanted }: Wanted<Kind>): Promise<FastifyReply> => {
    await blocks.refuseStrategies([wanted.spec.strategy.name]);
    if (!(await orchestrator.available()))
      throw new HoldfastError('orchestrator_unavailable', 'Temporal does not answer, and nothing was accepted. Try again soon.');
    // The route has put the header through its schema.
    const idempotency = idempotencyOf(request.headers['idempotency-key'] as string | undefined, payload);
    const limits = limitsOf(request.identity.plan);
    const submission = { id: uuidv7(), kind, owner: request.owner, ...wanted, idempotency, limits };
    const submitted = acceptedOf(await store.submit<Kind>(submission), reply);
    const { run } = submitted;
    // A replay may come from a client whose first request died right after the row was written.
    if (run.status === 'queued') await startOrLeave(request, run.id, () => start(run));
    if (submitted.outcome === 'replayed') reply.header('idempotency-replayed', 'true');
    return reply.code(202).header('location', runPathOf(run.id, kind)).send(shown(run));
  };
}

/** {@link createAcceptance} of backtests. */
export function acceptBacktests(ports: AcceptancePorts) {
  const { orchestrator, places } = ports;
  return createAcceptance(ports, {
    kind: 'backtest',
    start: ({ id, owner, spec, verifies }) => orchestrator.start({ runId: id, owner, spec, checkpoint: null, verifies }),
    shown: (run) => toRun(run, places),
  });
}

/** The row is what counts: where the start fails, the reconciler starts the workflow. */
export async function startOrLeave({ log }: Pick<FastifyRequest, 'log'>, id: string, start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    log.warn({ err: error, run: id }, 'the workflow was not started: left to the reconciler');
  }
}
