import { Context } from '@temporalio/activity';
import type { ArtifactRef } from '../shared/artifact.ts';
import type { ValidationReport } from '../shared/validation.ts';
import { heartbeatWhile } from './heartbeat.ts';
import { allShards } from './plan-trials.ts';
import type { Ports } from './ports.ts';
import { ledgerPageOf, originOf, sweepOf } from './sweep-rows.ts';

/** Judges the best trial of a sweep once its trials are done; null for a module, and where no trial has an objective. Repeating it gives the same. */
export function validateSweep(ports: Ports) {
  return async ({ sweepId, dataset }: { sweepId: string; dataset: ArtifactRef }): Promise<ValidationReport | null> => {
    const sweep = await sweepOf(ports, sweepId);
    const { spec } = sweep;
    if (ports.modules.has(spec.strategy)) return null;
    const { family } = originOf(ports, spec, dataset);
    const shards: ArtifactRef[] = [];
    for await (const { ref } of allShards(ports, { sweepId, family })) shards.push(ref);
    const { trials, variance } = await ports.results.ledgerOf(ledgerPageOf(sweep));
    const { cancellationSignal: signal } = Context.current();
    const work = ports.memory.use(
      dataset,
      (share) => ports.threads.run('validateTrials', { spec, dataset: share.dataset!, shards, ledger: { trials, variance } }, signal),
      { signal },
    );
    return heartbeatWhile(work, () => 'validating').catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  };
}
