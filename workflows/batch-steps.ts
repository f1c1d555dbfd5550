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
  sleep,
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
import { batchDetailsOf } from './batch-details.ts';
import { createPausable, type Pausable } from './pausable.ts';
import { attributesOfItem, showPhase } from './search-attributes.ts';
import { writerOfThisRun, type Writer } from './run-row.ts';

/** Items of a shard: few enough that a lost worker costs about a second, many enough that the server has little to do. */
const SHARD_ITEMS = 50;
/** Shards, or workflows of single items, at the same time. */
const AT_ONCE = 8;
/** Between two looks at items that have a workflow already. */
const FIRST_WAIT_MS = 1_000;
const LAST_WAIT_MS = 30_000;

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
  /** Of those, the ones that had a workflow already. */
  taken: BacktestInput[];
  children: Map<string, Child>;
  /** Items that have ended. */
  done: number;
  /** What operators are told of it, beside the items; of the attributes that they search by, phase and tenths as last written. */
  shown: { title: string; phase: 'simulate' | 'paused' | 'done'; attributes: string };
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
    paused: () => {
      show(run, { title: 'Paused', phase: 'paused' });
      return write({ status: 'paused', settled: ['pause'] });
    },
    resumed: () => {
      pass('resume');
      show(run, { title: 'Running', phase: 'simulate' });
      return write({ status: 'running', settled: ['pause', 'resume'] });
    },
    isSo: (request) => void write({ settled: [request] }),
  });
  CancellationScope.current().cancelRequested.catch(() => {
    if (!isClosing) void write({ status: 'cancelling' });
  });
  const activities = activitiesOn(taskQueues(workflowInfo().taskQueue));
  const startedAt = workflowInfo().startTime.getTime();
  const run: BatchRun = {
    input,
    startedAt,
    writer,
    activities,
    pausable,
    left: [],
    taken: [],
    children,
    done: 0,
    shown: { title: 'Running', phase: 'simulate', attributes: '' },
    write,
  };
  return run;
}

/** Does the short items. A shard that a pause or a cancel has cut off says where it was, and goes on from there. */
export async function runShards(run: BatchRun): Promise<void> {
  const { input, pausable } = run;
  show(run);
  const ranges: Range[] = [];
  for (let from = 0; from < input.items; from += SHARD_ITEMS)
    ranges.push({ from, to: Math.min(from + SHARD_ITEMS, input.items), without: [], done: 0 });
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
  /** How many of them have ended. */
  done: number;
}

/** True while there is more to do in the range. */
async function runShard(run: BatchRun, range: Range): Promise<boolean> {
  const { batchId, owner } = run.input;
  const look = (leaveUnfetched: boolean): Promise<ShardResult> => {
    const { from, to, without } = range;
    const argument = { from, to, without, batchId, owner, writer: run.writer, leaveUnfetched };
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
  run.done += shard.done - range.done;
  range.done = shard.done;
  show(run);
  return shard.more;
}

/**
 * Does the items that were left, each by a workflow of its own, a few at a time. After a reset of the batch an item may still have the
 * workflow of before: that is left to end, and only where it ended badly there is another.
 */
export async function runLeft(run: BatchRun): Promise<void> {
  const { left, taken, pausable } = run;
  await startLeft(run);
  for (let wait = FIRST_WAIT_MS; taken.length > 0; wait = Math.min(2 * wait, LAST_WAIT_MS)) {
    await pausable.run(() => sleep(wait));
    const finished = await pausable.run(() => rows.finishedAmong(taken.map(({ runId }) => runId)));
    left.push(...taken.splice(0).filter(({ runId }) => !finished.includes(runId)));
    run.done += finished.length;
    await startLeft(run);
  }
}

async function startLeft(run: BatchRun): Promise<void> {
  const { left, children, pausable, input } = run;
  const fewer = (count: number) => pausable.run(() => condition(() => children.size < count));
  for (let item = left.shift(); item !== undefined; item = left.shift()) {
    await fewer(AT_ONCE);
    if (!(await startItem(run, item))) run.taken.push(item);
    if (!workflowInfo().continueAsNewSuggested) continue;
    // Which items are done stands in the rows: the next run of the workflow looks there.
    await fewer(1);
    await continueAsNew<(input: BatchInput) => Promise<void>>(input);
  }
  await fewer(1);
}

/** The item's own row tells how it ended. False where it has a workflow already that runs, or has completed. */
async function startItem(run: BatchRun, item: BacktestInput): Promise<boolean> {
  const workflowId = workflowIdOf('backtest', item.runId);
  const { memo } = workflowInfo();
  const options = {
    workflowId,
    args: [item] as [BacktestInput],
    // One that ended badly is done again where its row is open: an operator has reset the batch.
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' as const,
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
    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError) && !(error instanceof ChildWorkflowFailure)) throw error;
    return false;
  }
}

function ended(run: BatchRun, { runId }: BacktestInput): void {
  run.children.delete(runId);
  run.done += 1;
  show(run);
}

/** Cancels the items that are being done by workflows of their own, and waits until they have ended. */
export function stopLeft({ children, taken }: BatchRun): Promise<void> {
  return CancellationScope.nonCancellable(async () => {
    // One that has just ended cannot be cancelled any more.
    for (const runId of [...children.keys(), ...taken.map((item) => item.runId)])
      getExternalWorkflowHandle(workflowIdOf('backtest', runId))
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
  show(run, { title: status, phase: 'done' }, error);
}

/** Tells operators in Temporal Web where the batch is. What they search by is told in tenths, since it costs an event and a write each. */
function show(run: BatchRun, change: Partial<BatchRun['shown']> = {}, error: RunError | null = null): void {
  const { input, done, shown } = run;
  const { title, phase } = Object.assign(shown, change);
  setCurrentDetails(batchDetailsOf(title, { input, done, error, memo: workflowInfo().memo }));
  const tenths = Math.floor((done * 10) / input.items);
  if (shown.attributes === `${phase} ${tenths}`) return;
  shown.attributes = `${phase} ${tenths}`;
  showPhase(phase, tenths / 10);
}
