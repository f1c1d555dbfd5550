import type { ArtifactRef } from './artifact.ts';
import { MEMO, batchPathOf, type SEARCH_ATTRIBUTES, type WorkflowKind, WORKFLOWS, runPathOf, taskQueues, workflowIdOf } from './names.ts';
import type { BacktestSpec } from './spec.ts';

/** Argument of the workflow `backtest`. */
export interface BacktestInput {
  runId: string;
  owner: string;
  spec: BacktestSpec;
  /** Where to go on, for a run whose workflow was lost; null at the first start. */
  checkpoint: ArtifactRef | null;
  /** Goes on where another run ended, and has not been started before. */
  isNew?: boolean;
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

/** Argument of the workflow `sweep`. What is to be tried stands in the row, since it may change while it runs. */
export interface SweepInput {
  sweepId: string;
  owner: string;
  name: string;
  strategy: string;
  symbols: readonly string[];
  /** 1 comes first. */
  priority: number;
  /** The bars it began with; null at the first start. */
  dataset: ArtifactRef | null;
  /** The sweep of the night before, where its trials go on: it had the first of these bars, and its shards are of this family. */
  before?: { sweepId: string; family: string; bars: number };
}

/** A row of a sweep, as far as its workflow is started from it. */
interface SweepToStart extends Omit<SweepInput, 'sweepId' | 'priority' | 'dataset' | 'before'> {
  id: string;
  spec: { priority: number };
  checkpoint: ArtifactRef | null;
}

export function sweepInputOf({ id, owner, name, strategy, symbols, spec, checkpoint }: SweepToStart): SweepInput {
  return { sweepId: id, owner, name, strategy, symbols: symbols.slice(0, 50), priority: spec.priority, dataset: checkpoint };
}

/** 1 comes first, 3 is what has none. */
const PRIORITY = { notify: 2, backtest: 2, batch: 3 } as const;

interface Plan<Input> {
  input: Input;
  kind: WorkflowKind | 'notify';
  id: string;
  taskQueuePrefix: string;
  apiUrl: string;
  summary: string;
  details: string;
  strategy: string;
  symbols: readonly string[];
  priority: number;
}

/** How a workflow is started, the same from the API and from the reconciler; in plain values, without the SDK's types. */
function planOf<Input extends { owner: string }>({ input, kind, id, taskQueuePrefix, apiUrl, ...shown }: Plan<Input>) {
  return {
    workflowType: WORKFLOWS[kind],
    workflowId: workflowIdOf(kind, id),
    taskQueue: taskQueues(taskQueuePrefix).control,
    args: [input] as const,
    // One line of Markdown; the server takes 400 bytes.
    summary: shown.summary.slice(0, 180),
    details: shown.details,
    // Owners have their turns by their key; the server takes 64 bytes of it.
    priority: { priorityKey: shown.priority, fairnessKey: input.owner.slice(0, 64) },
    memo: { [MEMO.api]: apiUrl },
    searchAttributes: {
      RunOwner: input.owner,
      RunKind: kind,
      RunStrategy: shown.strategy,
      RunSymbols: shown.symbols.slice(0, 50),
      RunPhase: 'queued',
      RunProgress: 0,
    } satisfies Record<keyof typeof SEARCH_ATTRIBUTES, string | string[] | number>,
  };
}

export type StartPlan = ReturnType<typeof planOf<{ owner: string }>>;

export function backtestStart(input: BacktestInput, taskQueuePrefix: string, apiUrl: string): ReturnType<typeof planOf<BacktestInput>> {
  const { spec } = input;
  return planOf({
    input,
    kind: 'backtest',
    id: input.runId,
    taskQueuePrefix,
    apiUrl,
    summary: `${spec.name ? `${spec.name}: ` : ''}${runTitle(spec)}`,
    details: describeRun(input, apiUrl),
    strategy: spec.strategy.name,
    symbols: spec.data.symbols,
    priority: PRIORITY.backtest,
  });
}

/** Argument of the workflow `batch`. */
export interface BatchInput {
  batchId: string;
  owner: string;
  name: string;
  /** How many it has. */
  items: number;
}

/** Argument of the workflow `launch`, which a schedule starts. */
export interface LaunchInput {
  scheduleId: string;
  owner: string;
}

/** How the workflow of a batch is started, as {@link backtestStart}. */
export function batchStart(input: BatchInput, taskQueuePrefix: string, apiUrl: string): ReturnType<typeof planOf<BatchInput>> {
  return planOf({
    input,
    kind: 'batch',
    id: input.batchId,
    taskQueuePrefix,
    apiUrl,
    summary: `${input.name}: ${input.items} backtests`,
    details: [`**Items** ${input.items}`, `**Owner** ${input.owner}`, `[Batch](${apiUrl}${batchPathOf(input.batchId)})`].join('  \n'),
    strategy: '',
    symbols: [],
    priority: PRIORITY.batch,
  });
}

/** How the workflow of a sweep is started, as {@link backtestStart}. */
export function sweepStart(input: SweepInput, taskQueuePrefix: string, apiUrl: string): ReturnType<typeof planOf<SweepInput>> {
  const { sweepId, owner, name, strategy, symbols, priority } = input;
  return planOf({
    input,
    kind: 'sweep',
    id: sweepId,
    taskQueuePrefix,
    apiUrl,
    summary: name,
    details: [
      `**Strategy** \`${strategy}\``,
      `**Symbols** ${symbols.slice(0, 20).join(', ')}${symbols.length > 20 ? ', …' : ''}`,
      `**Owner** ${owner}`,
      `[Sweep](${apiUrl}${runPathOf(sweepId, 'sweep')})`,
    ].join('  \n'),
    strategy,
    symbols,
    priority,
  });
}

/** Argument of the workflow `notify`. */
export interface NotifyInput {
  deliveryId: string;
  owner: string;
}

/** How the workflow that sends a message to a webhook is started, as {@link backtestStart}. */
export function notifyStart(input: NotifyInput, taskQueuePrefix: string, apiUrl: string): ReturnType<typeof planOf<NotifyInput>> {
  return planOf({
    input,
    kind: 'notify',
    id: input.deliveryId,
    taskQueuePrefix,
    apiUrl,
    summary: 'Tells a webhook of the end of a run',
    details: `**Owner** ${input.owner}`,
    strategy: '',
    symbols: [],
    priority: PRIORITY.notify,
  });
}
