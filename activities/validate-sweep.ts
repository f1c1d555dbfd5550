import { Context } from '@temporalio/activity';
import type { ArtifactRef } from '../shared/artifact.ts';
import type { ValidationReport } from '../shared/validation.ts';
import { heartbeatWhile } from './heartbeat.ts';
import { allShards } from './plan-trials.ts';
import type { Ports } from './ports.ts';
import { ledgerPageOf, originOf, sweepOf } from './sweep-rows.ts';

/** Judges the best trial of a sweep once its trials are done; null where no trial has an objective. Repeating it gives the same. */
export function validateSweep(ports: Ports) {
  return async ({ sweepId, dataset }: { sweepId: string; dataset: ArtifactRef }): Promise<ValidationReport | null> => {
    const sweep = await sweepOf(ports, sweepId);
    const { spec } = sweep;
    const { family, strategyHash: sourceHash } = originOf(ports, spec, dataset);
    const shards: ArtifactRef[] = [];
    for await (const { ref } of allShards(ports, { sweepId, family })) shards.push(ref);
    const { trials, variance } = await ports.results.ledgerOf(ledgerPageOf(sweep));
    const { cancellationSignal: signal } = Context.current();
    const own = ports.modules.has(spec.strategy);
    const job = { spec, shards, ledger: { trials, variance } };
    const work = ports.memory.use(
      dataset,
      (share) =>
        own
          ? ports.modules.validate({ ...job, datasetRef: dataset, sourceHash }, { signal })
          : ports.threads.run('validateTrials', { ...job, dataset: share.dataset! }, signal),
      { own, signal },
    );
    return heartbeatWhile(work, () => 'validating').catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  };
}
