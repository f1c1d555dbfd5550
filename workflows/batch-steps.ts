import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ActivityFailure,
  CancellationScope,
  CancelledFailure,
  ChildWorkflowFailure,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  setCurrentDetails,
  startChild,
  workflowInfo,
  type ChildWorkflowHandle,
} from '@temporalio/workflow';
import type { ShardResult } from '../activities/run-shard.ts';
import type { BatchProjection } from '../results/batches.ts';
import { SIGNALS, taskQueues, workflowIdOf, type TerminalStatus } from '../shared/names.ts';
import type { RunError } from '../shared/run.ts';
import type { BacktestInput, BatchInput } from '../shared/start.ts';
import { activitiesOn, rows } from './activity-options.ts';
import type { backtest } from './backtest.ts';
import { createPausable, type Pausable } from './pausable.ts';
import { attributesOfItem, showPhase } from './search-attributes.ts';
import { writerOfThisRun, type Writer } from './run-row.ts';

/** Items of a shard: few enough that a lost worker costs about a second, many enough that the server has little to do. */
const SHARD_ITEMS = 50;
/** Shards, or workflows of single items, at the same time. */
const AT_ONCE = 8;

type Child = ChildWorkflowHandle<typeof backtest>;

/** A batch in progress. */
interface BatchRun {
  input: BatchInput;
  startedAt: number;
  writer: Writer;
  activities: ReturnType<typeof activitiesOn>;
  pausable: Pausable;
  /** Items that a workflow of their own is to do, and those that one is doing. */
  left: BacktestInput[];
  children: Map<string, Child>;
  done: number;
  /** Writes a change of the batch's row; also when the workflow has been cancelled. */
  write(change: BatchProjection['change']): Promise<void>;
}

/** Connects a batch to its signals and its row. */
export function openBatch(input: BatchInput): BatchRun {
  const writer = writerOfThisRun();
  let sequence = 0;
  let isClosing = false;
  const children = new Map<string, Child>();
  const write: BatchRun['write'] = (change) => {
    isClosing ||= change.finishedAt !== undefined;
    const projection = { batchId: input.batchId, ...writer, sequence: ++sequence, change };
    return CancellationScope.nonCancellable(() => rows.projectBatch(projection));
  };
  const pass = (signal: 'pause' | 'resume'): void => {
    // One that has just ended takes no signal any more.
    for (const child of children.values()) child.signal(SIGNALS[signal]).catch(() => undefined);
  };
  const pausable = createPausable({
    pausing: () => {
      pass('pause');
      void write({ status: 'pausing' });
    },
    paused: () => write({ status: 'paused', settled: ['pause'] }),
    resumed: () => {
      pass('resume');
      return write({ status: 'running', settled: ['pause', 'resume'] });
    },
    isSo: (request) => void write({ settled: [request] }),
  });
  CancellationScope.current().cancelRequested.catch(() => {
    if (!isClosing) void write({ status: 'cancelling' });
  });
  const activities = activitiesOn(taskQueues(workflowInfo().taskQueue));
  return { input, startedAt: workflowInfo().startTime.getTime(), writer, activities, pausable, left: [], children, done: 0, write };
}

/** Does the short items. A shard that a pause or a cancel has cut off says where it was, and goes on from there. */
export async function runShards(run: BatchRun): Promise<void> {
  const { input, pausable } = run;
  showPhase('simulate', 0);
  const ranges: Range[] = [];
  for (let from = 0; from < input.items; from += SHARD_ITEMS)
    ranges.push({ from, to: Math.min(from + SHARD_ITEMS, input.items), without: [] });
  const lane = async (): Promise<void> => {
    for (let range = ranges.shift(); range !== undefined; range = ranges.shift()) {
      let more = true;
      try {
        while (more && !isCancelled()) more = await runShard(run, range);
      } catch (error) {
        if (!isCancellation(error)) throw error;
      }
      if (more) ranges.unshift(range);
      if (isCancelled()) return;
    }
  };
  while (ranges.length > 0) {
    await pausable.run(() => Promise.all(Array.from({ length: AT_ONCE }, lane)));
    if (isCancelled()) throw new CancelledFailure('The batch was cancelled');
  }
}

function isCancelled(): boolean {
  return CancellationScope.current().consideredCancelled;
}

/** The items with the numbers [from, to), and which of them were left to workflows of their own. */
interface Range {
  from: number;
  to: number;
  without: string[];
}

/** True while there is more to do in the range. */
async function runShard(run: BatchRun, range: Range): Promise<boolean> {
  const { batchId, owner } = run.input;
  const look = (leaveUnfetched: boolean): Promise<ShardResult> => {
    const { from, to } = range;
    const argument = { ...range, batchId, owner, writer: run.writer, leaveUnfetched };
    return run.activities.slicing.runShard.executeWithOptions({ summary: `items ${from} to ${to - 1}` }, [argument]);
  };
  let shard = await look(false);
  if (shard.fetch.length > 0) {
    const fetched = await Promise.allSettled(shard.fetch.map((spec) => run.activities.fetching.fetchBars(spec, owner)));
    const failures = fetched.filter((each) => each.status === 'rejected');
    for (const { reason } of failures) if (isCancellation(reason) || !(reason instanceof ActivityFailure)) throw reason;
    shard = await look(failures.length > 0);
  }
  run.left.push(...shard.left);
  range.without.push(...shard.left.map(({ runId }) => runId));
  run.done += shard.done;
  show(run);
  return shard.more;
}

/** Does the items that were left, each by a workflow of its own, a few at a time. */
export async function runLeft(run: BatchRun): Promise<void> {
  const { left, children, pausable, input } = run;
  const fewer = (count: number) => pausable.run(() => condition(() => children.size < count));
  for (let item = left.shift(); item !== undefined; item = left.shift()) {
    await fewer(AT_ONCE);
    await startItem(run, item);
    if (!workflowInfo().continueAsNewSuggested) continue;
    // Which items are done stands in the rows: the next run of the workflow looks there.
    await fewer(1);
    await continueAsNew<(input: BatchInput) => Promise<void>>(input);
  }
  await fewer(1);
}

/** The item's own row tells how it ended. */
async function startItem(run: BatchRun, item: BacktestInput): Promise<void> {
  const workflowId = workflowIdOf('backtest', item.runId);
  const { memo } = workflowInfo();
  const options = {
    workflowId,
    args: [item] as [BacktestInput],
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    workflowTaskTimeout: '5s' as const,
    staticSummary: `${run.input.name}: ${item.spec.name ?? item.spec.strategy.name}`.slice(0, 180),
    typedSearchAttributes: attributesOfItem(item),
    ...(memo && { memo }),
  };
  try {
    const child = await CancellationScope.nonCancellable(() => startChild<typeof backtest>('backtest', options));
    run.children.set(item.runId, child);
    void CancellationScope.nonCancellable(() => child.result()).then(
      () => ended(run, item),
      () => ended(run, item),
    );
  } catch (error) {
    // It had one before this workflow was started again.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError) && !(error instanceof ChildWorkflowFailure)) throw error;
  }
}

function ended(run: BatchRun, { runId }: BacktestInput): void {
  run.children.delete(runId);
  run.done += 1;
  show(run);
}

/** Cancels the items that are being done by workflows of their own, and waits until they have ended. */
export function stopLeft({ children }: BatchRun): Promise<void> {
  return CancellationScope.nonCancellable(async () => {
    // One that has just ended cannot be cancelled any more.
    for (const { workflowId } of children.values())
      getExternalWorkflowHandle(workflowId)
        .cancel()
        .catch(() => undefined);
    await condition(() => children.size === 0);
  });
}

/** The commit point of a batch: items that are still open end with it. */
export async function closeBatch(run: BatchRun, status: TerminalStatus, error: RunError | null = null): Promise<void> {
  run.pausable.seal();
  const message = 'The workflow of this item ended without saying how. Submit it again.';
  const openItems =
    status === 'cancelled' ? { status, error: null } : { status: 'failed' as const, error: error ?? { code: 'workflow_ended', message } };
  await run.write({ status, error, finishedAt: Date.now(), openItems });
  showPhase('done', 1);
}

function show({ input, done }: BatchRun): void {
  setCurrentDetails(`**${input.name}**\n\nItems ${done.toLocaleString('en-US')} of ${input.items.toLocaleString('en-US')}`);
}
