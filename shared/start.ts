import type { ArtifactRef } from './artifact.ts';
import { MEMO, type SEARCH_ATTRIBUTES, WORKFLOWS, runPathOf, taskQueues, workflowIdOf } from './names.ts';
import type { BacktestSpec } from './spec.ts';

/** Argument of the workflow `backtest`. */
export interface BacktestInput {
  runId: string;
  owner: string;
  spec: BacktestSpec;
  /** Where to go on, for a run whose workflow was lost; null at the first start. */
  checkpoint: ArtifactRef | null;
  /** The run whose bars it is to take, and whose result its own is compared with. */
  verifies?: string | null;
}

/** What a run is called when its spec has no name: `sma-cross on AAPL 1d`. */
export function runTitle(spec: BacktestSpec): string {
  return `${spec.strategy.name} on ${spec.data.symbols.slice(0, 5).join(', ')} ${spec.data.timeframe}`;
}

/** What a run is, for its page in Temporal Web, in Markdown. */
function describeRun({ runId, owner, spec }: BacktestInput, apiUrl: string): string {
  const { data, strategy, account } = spec;
  const params = Object.entries(strategy.params ?? {}).map(([name, value]) => `${name} ${String(value)}`);
  return [
    `**Strategy** \`${strategy.name}\` ${params.join(', ')}`,
    `**Bars** ${data.source}, ${data.symbols.slice(0, 20).join(', ')}${data.symbols.length > 20 ? ', …' : ''}, ${data.timeframe}`,
    `**Account** ${account.cash.toLocaleString('en-US')} ${account.currency}`,
    `**Owner** ${owner}`,
    `[Run](${apiUrl}${runPathOf(runId)})`,
  ].join('  \n');
}

/** How the workflow of a run is started, the same from the API and from the reconciler; in plain values, without the SDK's types. */
export function backtestStart(input: BacktestInput, taskQueuePrefix: string, apiUrl: string) {
  const { spec } = input;
  return {
    workflowType: WORKFLOWS.backtest,
    workflowId: workflowIdOf('backtest', input.runId),
    taskQueue: taskQueues(taskQueuePrefix).control,
    args: [input] as const,
    // One line of Markdown; the server takes 400 bytes.
    summary: `${spec.name ? `${spec.name}: ` : ''}${runTitle(spec)}`.slice(0, 180),
    details: describeRun(input, apiUrl),
    memo: { [MEMO.api]: apiUrl },
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
