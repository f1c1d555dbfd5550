import type { ArtifactRef } from './artifact.ts';
import { type SEARCH_ATTRIBUTES, WORKFLOWS, taskQueues, workflowIdOf } from './names.ts';
import type { BacktestSpec } from './spec.ts';

/** Argument of the workflow `backtest`. */
export interface BacktestInput {
  runId: string;
  owner: string;
  spec: BacktestSpec;
  /** Where to go on, for a run whose workflow was lost; null at the first start. */
  checkpoint: ArtifactRef | null;
}

/** What a run is called when its spec has no name: `sma-cross on AAPL 1d`. */
export function runTitle(spec: BacktestSpec): string {
  return `${spec.strategy.name} on ${spec.data.symbols.slice(0, 5).join(', ')} ${spec.data.timeframe}`;
}

/** How the workflow of a run is started, the same from the API and from the reconciler; in plain values, without the SDK's types. */
export function backtestStart(input: BacktestInput, taskQueuePrefix: string) {
  const { spec } = input;
  return {
    workflowType: WORKFLOWS.backtest,
    workflowId: workflowIdOf('backtest', input.runId),
    taskQueue: taskQueues(taskQueuePrefix).control,
    args: [input] as const,
    // One line of Markdown; the server takes 400 bytes.
    summary: `${spec.name ? `${spec.name}: ` : ''}${runTitle(spec)}`.slice(0, 180),
    searchAttributes: {
      RunOwner: input.owner,
      RunKind: 'backtest',
      RunStrategy: spec.strategy.name,
      RunSymbols: spec.data.symbols.slice(0, 50),
      RunPhase: 'queued',
      RunProgress: 0,
    } satisfies Record<keyof typeof SEARCH_ATTRIBUTES, string | string[] | number>,
  };
}
