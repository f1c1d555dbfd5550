import type { Projection } from '../results/runs.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import type { StoredResult } from '../shared/run.ts';
import { commit } from './commit.ts';
import { countBacktests } from './count-backtests.ts';
import { heartbeatWhile } from './heartbeat.ts';
import { judgeModule } from './modules/judge-module.ts';
import type { Ports } from './ports.ts';
import { findLostFiles, withVerification } from './verification.ts';

export interface AggregateInput {
  owner: string;
  spec: BacktestSpec;
  dataset: ArtifactRef;
  checkpoint: ArtifactRef;
  verifies?: string | null;
  /** The row's last change, but for the result and the time. This is the commit point of a run. */
  closing: Projection;
}

export interface Aggregated extends Pick<StoredResult, 'metrics' | 'partial'> {
  /** False: a cancel was recorded before, and the row stays open for it. */
  committed: boolean;
}

/** Computes and stores the result of a run and closes its row. Repeating it writes the same bytes. */
export function aggregate(ports: Ports) {
  const { threads, memory, results, modules } = ports;
  return async (input: AggregateInput): Promise<Aggregated> => {
    const { owner, spec, checkpoint, dataset: datasetRef } = input;
    const isJudged = modules.has(spec.strategy) && !memory.isStreamed(datasetRef);
    const lost = await findLostFiles(ports, input);
    const work = Promise.all([
      memory.use(datasetRef, (share) => threads.run('aggregateRun', { owner, spec, datasetRef, checkpoint, ...share })),
      isJudged ? memory.use(datasetRef, () => judgeModule(modules, { spec, datasetRef, checkpoint }), { own: true }) : null,
    ]);
    const [figures, verdicts] = await heartbeatWhile(work, () => 'aggregating');
    if (!figures.partial) await countBacktests(ports, owner, [{ spec, dataset: datasetRef, metrics: figures.metrics }]);
    const result = await withVerification(
      ports,
      { ...input, lost },
      verdicts === null ? figures : { ...figures, verdicts: { ...figures.verdicts, ...verdicts } },
    );
    // Of a run that was cancelled in its last moment, too.
    const partial = result.partial || input.closing.change.status !== 'completed';
    const change = { ...input.closing.change, result: { ...result, partial }, finishedAt: Date.now() };
    const committed = await commit(results, owner, { ...input.closing, change });
    return { metrics: result.metrics, partial, committed };
  };
}
