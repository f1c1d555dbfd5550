import type { Projection } from '../results/store.ts';
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
  const { threads, datasets, results, modules } = ports;
  return async (input: AggregateInput): Promise<Pick<StoredResult, 'metrics' | 'partial'>> => {
    const { owner, spec, checkpoint } = input;
    const dataset = await datasets.load(input.dataset);
    const lost = await findLostFiles(ports, input);
    const work = Promise.all([
      threads.run('aggregateRun', { owner, spec, dataset, checkpoint }),
      modules.has(spec.strategy) ? judgeModule(modules, { spec, datasetRef: input.dataset, checkpoint }) : null,
    ]);
    const [figures, verdicts] = await heartbeatWhile(work, () => 'aggregating');
    const result = await withVerification(ports, { ...input, lost }, verdicts === null ? figures : { ...figures, verdicts });
    await results.project({ ...input.closing, change: { ...input.closing.change, result, finishedAt: Date.now() } });
    return { metrics: result.metrics, partial: result.partial };
  };
}
