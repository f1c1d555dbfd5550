import { createHash } from 'node:crypto';
import type { Projection } from '../results/runs.ts';
import type { TrialShard } from '../results/sweeps.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import { canonicalJson } from '../shared/canonical-json.ts';
import type { StoredSweepResult, Trial } from '../shared/sweep.ts';
import type { ValidationReport } from '../shared/validation.ts';
import { heartbeatWhile } from './heartbeat.ts';
import { allShards } from './plan-trials.ts';
import type { Ports } from './ports.ts';
import { originOf, sweepOf } from './sweep-rows.ts';

export interface CloseSweepInput {
  sweepId: string;
  dataset: ArtifactRef;
  /** Trials that the workflow knows of. */
  total: number;
  endReason: StoredSweepResult['endReason'];
  /** Of a sweep that is complete. */
  validation: ValidationReport | null;
  /** The row's last change, but for the result and the time. This is the commit point. */
  closing: Projection;
}

export interface ClosedSweep {
  /** `more`: trials are missing, or it was extended. `cancelled`: a cancel was recorded before, and is on its way. */
  outcome: 'closed' | 'more' | 'cancelled';
  best: Trial | null;
}

/** Ranks the trials that are done, stores the table of them and closes the row. Repeating it writes the same bytes. */
export function closeSweep(ports: Ports) {
  return async (input: CloseSweepInput): Promise<ClosedSweep> => {
    const { sweepId, closing } = input;
    const isComplete = closing.change.status === 'completed';
    const result = await heartbeatWhile(resultOf(ports, input), () => 'ranking');
    // Of another version of the strategy or the engine than by now: they are done again.
    if (isComplete && input.endReason === 'all-trials' && result.trials < input.total) return { outcome: 'more', best: null };
    const change = { ...closing.change, result, done: result.trials, of: input.total, finishedAt: Date.now() };
    if (await ports.results.project({ ...closing, change })) return { outcome: 'closed', best: result.best };
    const now = await sweepOf(ports, sweepId);
    if (now.requested === 'cancel') return { outcome: 'cancelled', best: null };
    return { outcome: isComplete && now.total > input.total ? 'more' : 'closed', best: result.best };
  };
}

async function resultOf(ports: Ports, { sweepId, dataset, endReason, total, validation }: CloseSweepInput): Promise<StoredSweepResult> {
  const { owner, spec } = await sweepOf(ports, sweepId);
  const { family, strategyHash } = originOf(ports, spec, dataset);
  const shards: TrialShard[] = [];
  for await (const shard of allShards(ports, { sweepId, family })) shards.push(shard);
  const sum = (of: (shard: TrialShard) => number): number => shards.reduce((all, shard) => all + of(shard), 0);
  const { resultHash, ...ranking } = await ports.threads.run('rankTrials', { owner, spec, shards: shards.map(({ ref }) => ref) });
  const trials = sum(({ count }) => count);
  const origin = await ports.marketData.of(owner).origin(dataset);
  return {
    partial: endReason !== 'all-trials' || trials < total,
    endReason,
    trials,
    cached: sum(({ cached }) => cached),
    ...ranking,
    validation,
    manifest: {
      specHash: createHash('sha256').update(canonicalJson(spec)).digest('hex'),
      datasetHash: dataset.sha256,
      datasetSource: spec.data.source,
      ...(origin && { datasetOrigin: origin }),
      strategyHash,
      engineVersion: ports.sweeps.engineVersion,
      nodeVersion: process.version,
      seed: spec.seed,
      resultHash,
      cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
      shards: shards.length,
    },
    dataset,
  };
}
