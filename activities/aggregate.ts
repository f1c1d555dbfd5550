import type { Projection } from '../results/runs.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import type { StoredResult } from '../shared/run.ts';
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

/** Computes and stores the result of a run and closes its row. Repeating it writes the same bytes. */
export function aggregate(ports: Ports) {
  const { threads, memory, results, modules } = ports;
  return async (input: AggregateInput): Promise<Pick<StoredResult, 'metrics' | 'partial'>> => {
    const { owner, spec, checkpoint, dataset: datasetRef } = input;
    const isJudged = modules.has(spec.strategy) && !memory.isStreamed(datasetRef);
    const lost = await findLostFiles(ports, input);
    const work = Promise.all([
      memory.use(datasetRef, (share) => threads.run('aggregateRun', { owner, spec, datasetRef, checkpoint, ...share })),
      isJudged ? memory.use(datasetRef, () => judgeModule(modules, { spec, datasetRef, checkpoint }), { own: true }) : null,
    ]);
    const [figures, verdicts] = await heartbeatWhile(work, () => 'aggregating');
    const result = await withVerification(
      ports,
      { ...input, lost },
      verdicts === null ? figures : { ...figures, verdicts: { ...figures.verdicts, ...verdicts } },
    );
    await results.project({ ...input.closing, change: { ...input.closing.change, result, finishedAt: Date.now() } });
    return { metrics: result.metrics, partial: result.partial };
  };
}
