import { CancellationScope, CancelledFailure, continueAsNew, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { TrialRange } from '../activities/plan-trials.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import { taskQueues, type TerminalStatus } from '../shared/names.ts';
import type { RunError } from '../shared/run.ts';
import type { SweepInput } from '../shared/start.ts';
import type { StoredSweepResult } from '../shared/sweep.ts';
import type { ValidationReport } from '../shared/validation.ts';
import { activitiesOn, rows, sweeping } from './activity-options.ts';
import { createPausable, type Pausable } from './pausable.ts';
import { createRunRowWriter, type RunRowWriter } from './run-row.ts';
import { showPhase } from './search-attributes.ts';
import { stepError } from './step-error.ts';
import { sweepDetailsOf } from './sweep-details.ts';
import { createTrialQueue, type TrialQueue } from './trial-queue.ts';

/** A sweep in progress. */
export interface SweepRun {
  input: SweepInput;
  row: RunRowWriter;
  pausable: Pausable;
  activities: ReturnType<typeof activitiesOn>;
  dataset: ArtifactRef | null;
  /** Null before it is planned. */
  trials: TrialQueue | null;
  /** Shards that it may have at a time. */
  shards: number;
  priority: number;
  /** Of the best trial of all, once they are done. */
  validation: ValidationReport | null;
  /** The best trial that was heard of. */
  best: { trial: number; objective: number } | null;
  isClosing: boolean;
  /** What operators are told of it; of the attributes that they search by, phase and tenths as last written. */
  shown: { title: string; phase: 'fetch' | 'simulate' | 'paused' | 'done'; attributes: string };
}

/** Beyond as many events a workflow is slow to replay; where the server suggests it, earlier. */
const MOST_EVENTS = 1_500;

/** Connects a sweep to its signals and its row. */
export function openSweep(input: SweepInput): SweepRun {
  const row = createRunRowWriter(input.sweepId);
  const run: SweepRun = {
    input,
    row,
    pausable: createPausable({
      pausing: () => void row.write({ status: 'pausing' }),
      paused: () => {
        show(run, { title: 'Paused', phase: 'paused' });
        return row.write({ status: 'paused', settled: ['pause'] });
      },
      resumed: () => {
        run.trials?.restartClock();
        show(run, { title: 'Running', phase: 'simulate' });
        return row.write({ status: 'running', settled: ['pause', 'resume'] });
      },
      isSo: (request) => void row.write({ settled: [request] }),
    }),
    activities: activitiesOn(taskQueues(workflowInfo().taskQueue)),
    dataset: input.dataset,
    trials: null,
    shards: 1,
    priority: input.priority,
    validation: null,
    best: null,
    isClosing: false,
    shown: { title: 'Fetching bars', phase: 'fetch', attributes: '' },
  };
  CancellationScope.current().cancelRequested.catch(() => {
    if (!run.isClosing) void row.write({ status: 'cancelling' });
  });
  return run;
}

/** Makes sure that the bars are in the artifact store. False where there is nothing to do. */
export async function fetchBars(run: SweepRun): Promise<boolean> {
  const { input, row, pausable, activities } = run;
  const { sweepId, owner, dataset } = input;
  await pausable.whilePaused();
  show(run);
  const startedAt = workflowInfo().startTime.getTime();
  const opened = row.next({ status: 'running', phase: dataset === null ? 'fetch' : 'simulate', ...(dataset === null && { startedAt }) });
  const { isOver, fetch, ...found } = await pausable.run(() => sweeping.openSweep({ sweepId, dataset, opened }));
  if (isOver) return false;
  run.dataset = found.dataset ?? (await pausable.run(() => activities.fetching.fetchBars(fetch!, owner)));
  // A sweep that is started again, since its workflow was lost, goes on with the same bars.
  if (dataset === null) await row.write({ phase: 'simulate', checkpoint: run.dataset });
  return true;
}

/** Reads which trials are to be done. */
export async function planTrials(run: SweepRun): Promise<void> {
  const { sweepId, before } = run.input;
  const plan = await run.pausable.run(() => sweeping.planTrials({ sweepId, dataset: run.dataset!, ...(before && { bars: before.bars }) }));
  run.trials = createTrialQueue(plan);
  show(run, { title: 'Running', phase: 'simulate' });
}

/** Does the trials, a few shards at a time. One that a pause or a cancel has cut off says how far it came, and goes on from there. */
export async function runTrials(run: SweepRun): Promise<void> {
  const { pausable, input } = run;
  const trials = run.trials!;
  while (!trials.isDone()) {
    await pausable.run(() => keepBusy(run));
    if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('The sweep was cancelled');
    if (!isLong() || trials.isDone()) continue;
    // Neither a pause nor a cancel would reach the next run of the workflow by itself.
    await pausable.whilePaused();
    if (!CancellationScope.current().consideredCancelled)
      await continueAsNew<(input: SweepInput) => Promise<void>>({ ...input, dataset: run.dataset, priority: run.priority });
  }
}

function isLong(): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested || historyLength > MOST_EVENTS;
}

/** Until the trials are done, the history has grown long, or the step is cancelled: then what is on its way is waited for. */
async function keepBusy(run: SweepRun): Promise<void> {
  const trials = run.trials!;
  const scope = CancellationScope.current();
  const onTheirWay = new Set<Promise<void>>();
  let failure: Error | null = null;
  const isOver = (): boolean => scope.consideredCancelled || failure !== null || isLong();
  while (!isOver()) {
    await look(run);
    // One more than are done at a time waits in line, so that no slot is idle while the next is thought of.
    while (onTheirWay.size <= run.shards && !isOver()) {
      const range = trials.take(run.shards);
      if (range === null) break;
      const shard = runShard(run, range).catch((error: unknown) => void (failure ??= error as Error));
      onTheirWay.add(shard);
      void shard.then(() => onTheirWay.delete(shard));
    }
    if (onTheirWay.size === 0) break;
    await Promise.race(onTheirWay);
  }
  await Promise.all(onTheirWay);
  if (failure !== null) throw failure as Error;
}

async function look(run: SweepRun): Promise<void> {
  const { input, row } = run;
  const trials = run.trials!;
  const progress = { ...row.writer, done: trials.done, perSecond: trials.perSecond() };
  const { total, priority, shards } = await CancellationScope.nonCancellable(() => rows.lookAtSweep({ sweepId: input.sweepId, progress }));
  Object.assign(run, { priority, shards });
  trials.want(total);
  show(run);
}

async function runShard(run: SweepRun, range: TrialRange): Promise<void> {
  const { from, to } = range;
  const { input, activities, priority, dataset } = run;
  const options = {
    summary: `trials ${from} to ${to - 1}`,
    priority: { priorityKey: priority, fairnessKey: input.owner.slice(0, 64) },
  };
  const { sweepId, before } = input;
  const argument = { sweepId, dataset: dataset!, from, to, ...(before && { before }) };
  try {
    const done = await activities.trying.runTrials.executeWithOptions(options, [argument]);
    run.trials!.finish(range, done);
    const { best } = done;
    if (best !== null && (run.best === null || run.trials!.isBetter(best.objective, run.best.objective))) run.best = best;
  } catch (error) {
    run.trials!.giveBack(range);
    throw error;
  }
}

/** Judges the best trial. */
export async function validate(run: SweepRun): Promise<void> {
  const { input, dataset, activities, pausable, trials } = run;
  if (trials!.isOverBudget()) return;
  show(run, { title: 'Validating', phase: 'simulate' });
  const argument = { sweepId: input.sweepId, dataset: dataset! };
  run.validation = await pausable.run(() => activities.judging.validateSweep.executeWithOptions({ summary: 'the best trial' }, [argument]));
}

/** The commit point: what was done is ranked, and the row gets its last status. Nothing interrupts it. False where there is more to do. */
export async function closeSweep(run: SweepRun, status: TerminalStatus, error: RunError | null = null): Promise<boolean> {
  run.isClosing = true;
  run.pausable.seal();
  const outcome = await CancellationScope.nonCancellable(() => storeResult(run, status, error));
  if (outcome === 'closed') {
    show(run, { title: status, phase: 'done' }, error);
    return true;
  }
  run.isClosing = false;
  run.pausable.unseal();
  // A cancel that was recorded in the row reaches the workflow a moment later, by the API or by the reconciler.
  if (outcome === 'cancelled') await CancellationScope.current().cancelRequested;
  return false;
}

async function storeResult(run: SweepRun, status: TerminalStatus, error: RunError | null): Promise<'closed' | 'more' | 'cancelled'> {
  const { input, row, dataset, trials, validation } = run;
  const change = { status, phase: null, error };
  try {
    if (dataset !== null && trials !== null) {
      const endReason: StoredSweepResult['endReason'] =
        status !== 'completed' ? 'interrupted' : trials.isOverBudget() ? 'budget' : 'all-trials';
      const { total } = trials;
      const closed = await sweeping.closeSweep({
        sweepId: input.sweepId,
        dataset,
        total,
        endReason,
        validation,
        closing: row.next(change),
      });
      if (closed.best !== null) run.best = { trial: closed.best.trial, objective: closed.best.objective! };
      return closed.outcome;
    }
  } catch (failure) {
    // A sweep that is ending anyway ends without a result rather than not at all.
    if (status === 'completed' || stepError(failure) === null) throw failure;
  }
  await row.write({ ...change, finishedAt: Date.now() });
  return 'closed';
}

/** Tells operators in Temporal Web where the sweep is. What they search by is told in tenths, since it costs an event and a write each. */
function show(run: SweepRun, change: Partial<SweepRun['shown']> = {}, error: RunError | null = null): void {
  const { input, trials, shown, best } = run;
  const { title, phase } = Object.assign(shown, change);
  const at = { done: trials?.done ?? 0, total: trials?.total ?? 0, perSecond: trials?.perSecond() ?? 0 };
  setCurrentDetails(sweepDetailsOf(title, { input, ...at, best, error, memo: workflowInfo().memo }));
  const tenths = at.total === 0 ? 0 : Math.floor((at.done * 10) / at.total);
  if (shown.attributes === `${phase} ${tenths}`) return;
  shown.attributes = `${phase} ${tenths}`;
  showPhase(phase, tenths / 10);
}
