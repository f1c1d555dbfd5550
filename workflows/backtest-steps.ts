import { CancellationScope, makeContinueAsNewFunc, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { SliceResult } from '../activities/jobs/simulate-slice.ts';
import type { OpenedRun } from '../activities/open-run.ts';
import type { Projection } from '../results/runs.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import type { Metrics } from '../shared/metrics.ts';
import { taskQueues, type RunPhase, type TerminalStatus } from '../shared/names.ts';
import type { RunError } from '../shared/run.ts';
import type { BacktestInput } from '../shared/start.ts';
import { activitiesOn, opening, small } from './activity-options.ts';
import { detailsOf } from './details.ts';
import { createPausable, type Pausable } from './pausable.ts';
import { createRunRowWriter, type RunRowWriter } from './run-row.ts';
import { stepError } from './step-error.ts';
import { showPhase } from './search-attributes.ts';

export interface BacktestOutcome {
  status: TerminalStatus;
  metrics: Metrics | null;
}

/** A run in progress: what its steps have found out so far, and how they reach its row and its activities. */
export interface BacktestRun {
  input: BacktestInput;
  row: RunRowWriter;
  pausable: Pausable;
  activities: ReturnType<typeof activitiesOn>;
  dataset: ArtifactRef | null;
  checkpoint: ArtifactRef | null;
  /** The checkpoint before that one. */
  earlier: ArtifactRef | null;
  bar: number;
  total: number;
  /** Bars a second of the last slice, by the workflow's clock. */
  perSecond: number;
  closing: boolean;
}

/** `committed` is false where a recorded cancel came first; histories of earlier versions do not say. */
interface Stored {
  metrics: Metrics | null;
  committed?: boolean;
}

type Closing = Projection['change'] & { checkpoint: ArtifactRef; done: number; total: number };

/** Up to this many bars an aggregate takes milliseconds, and runs as a local activity. */
const SMALL_RUN_BARS = 200_000;

/** Connects a run to its signals and its row. */
export function openRun(input: BacktestInput): BacktestRun {
  const row = createRunRowWriter(input.runId);
  const run: BacktestRun = {
    input,
    row,
    pausable: createPausable({
      pausing: () => void row.write({ status: 'pausing' }),
      paused: async () => {
        show(run, 'Paused', 'paused');
        await row.write({ status: 'paused', settled: ['pause'] });
      },
      resumed: () => row.write({ status: 'running', settled: ['pause', 'resume'] }),
      isSo: (request) => void row.write({ settled: [request] }),
    }),
    activities: activitiesOn(taskQueues(workflowInfo().taskQueue)),
    dataset: null,
    checkpoint: input.checkpoint,
    earlier: null,
    bar: 0,
    total: 0,
    perSecond: 0,
    closing: false,
  };
  CancellationScope.current().cancelRequested.catch(() => {
    if (!run.closing) void row.write({ status: 'cancelling' });
  });
  return run;
}

/**
 * Makes sure that the dataset is in the artifact store; one that is there already costs no activity task. A short run on such a dataset is
 * then done: this gives its outcome, else null.
 */
export async function fetchBars(run: BacktestRun): Promise<BacktestOutcome | null> {
  const { pausable } = run;
  await pausable.whilePaused();
  setCurrentDetails(detailsFor(run, 'Fetching bars'));
  const { dataset, slice, metrics, isCancelled } = await pausable.run(() => open(run));
  if (isCancelled) await cancelComes(run);
  run.dataset = dataset ?? (await pausable.run(() => fetching(run)));
  if (slice !== null) keep(run, slice);
  if (metrics === null) {
    if (slice !== null) await keepSlice(run);
    return null;
  }
  run.closing = true;
  pausable.seal();
  show(run, 'completed', null, { metrics });
  return { status: 'completed', metrics };
}

function open({ input, row, checkpoint }: BacktestRun): Promise<OpenedRun> {
  const startedAt = workflowInfo().startTime.getTime();
  const { owner, spec, verifies = null, isNew = checkpoint === null } = input;
  // A run that goes on from a checkpoint has its bars already.
  const phase = checkpoint === null ? 'fetch' : 'simulate';
  const opened = row.next({ status: 'running', phase, ...(isNew && { startedAt }) });
  // A number is set aside for it; whether it comes about is seen later.
  const closing = { ...row.next({}), change: { status: 'completed', phase: null, error: null } as const };
  return opening.openRun({ owner, spec, checkpoint, verifies, opened, closing });
}

function fetching({ input, activities }: BacktestRun): Promise<ArtifactRef> {
  const { data } = input.spec;
  const summary = `${data.symbols.slice(0, 5).join(', ')} ${data.timeframe} from ${data.source}`;
  return activities.fetching.fetchBars.executeWithOptions({ summary }, [input.spec, input.owner]);
}

/** Simulates from checkpoint to checkpoint until the run has ended. History is the durable record: a crash costs one slice. */
export async function simulate(run: BacktestRun): Promise<void> {
  show(run, 'Simulating', 'simulate');
  let ended: SliceResult['ended'] = null;
  while (ended === null) {
    let startedAt = 0;
    const slice = await run.pausable.run(() => {
      startedAt = Date.now();
      return simulateSlice(run);
    });
    showSlice(run, slice, Date.now() - startedAt);
    ended = slice.ended;
    if (ended === null) await keepSlice(run);
  }
}

function keep(run: BacktestRun, { checkpoint, earlier, bar, total }: SliceResult): void {
  Object.assign(run, { checkpoint, earlier, bar, total });
}

function simulateSlice({ input, row, activities, dataset, checkpoint, earlier, bar }: BacktestRun): Promise<SliceResult> {
  const { runId, owner, spec } = input;
  const argument = { runId, owner, spec, dataset: dataset!, checkpoint, earlier, writer: row.writer };
  return activities.slicing.simulate.executeWithOptions({ summary: `from bar ${bar}` }, [argument]);
}

async function keepSlice(run: BacktestRun): Promise<void> {
  const { row, checkpoint, bar, total, pausable, input } = run;
  await row.write({ phase: 'simulate', done: bar, total, ...(checkpoint && { checkpoint }) });
  if (!workflowInfo().continueAsNewSuggested) return;
  // Neither a pause nor a cancel would reach the next run of the workflow by itself.
  await pausable.whilePaused();
  if (!CancellationScope.current().consideredCancelled) await continueOnAnyVersion({ ...input, isNew: false, checkpoint });
}

/**
 * Where workers have versions, this is the moment to change to another, since nothing is replayed. A server that does not know the wish takes no notice of
 * it: there the run stays with its version.
 */
function continueOnAnyVersion(input: BacktestInput): Promise<never> {
  return makeContinueAsNewFunc<(input: BacktestInput) => Promise<BacktestOutcome>>({ initialVersioningBehavior: 'AUTO_UPGRADE' })(input);
}

/** After the loss of a file that the run needs: forgets what was done. The same bytes come out of it again. */
export function beginAnew(run: BacktestRun): void {
  run.dataset = run.checkpoint = run.earlier = null;
  run.bar = 0;
  run.closing = false;
  run.pausable.unseal();
}

/** The commit point: what was simulated becomes the result, and the row gets its last status. Nothing interrupts it. */
export async function closeRun(run: BacktestRun, status: TerminalStatus, error: RunError | null = null): Promise<BacktestOutcome> {
  run.closing = true;
  run.pausable.seal();
  const { metrics, committed } = await CancellationScope.nonCancellable(() => storeResult(run, status, error));
  if (committed === false) await cancelComes(run);
  show(run, status, null, { metrics, error });
  return { status, metrics };
}

/** A cancel that was recorded in the row reaches the workflow a moment later, by the API or by the reconciler. */
async function cancelComes(run: BacktestRun): Promise<void> {
  run.closing = false;
  await CancellationScope.current().cancelRequested;
}

async function storeResult(run: BacktestRun, status: TerminalStatus, error: RunError | null): Promise<Stored> {
  const { row, dataset, checkpoint, bar, total } = run;
  const change = { status, phase: null, error, done: bar, total };
  try {
    if (dataset && checkpoint) return await aggregate(run, dataset, { ...change, checkpoint });
  } catch (failure) {
    // A run that is ending anyway ends without a result rather than not at all.
    if (status === 'completed' || stepError(failure) === null) throw failure;
  }
  await row.write({ ...change, finishedAt: Date.now() });
  return { metrics: null };
}

async function aggregate(run: BacktestRun, dataset: ArtifactRef, change: Closing): Promise<Stored> {
  const { input, row, activities } = run;
  const isSmall = change.total <= SMALL_RUN_BARS;
  if (!isSmall) await row.write({ phase: 'aggregate', done: change.done, total: change.total });
  const closing = row.next(change);
  const argument = {
    owner: input.owner,
    spec: input.spec,
    dataset,
    checkpoint: change.checkpoint,
    verifies: input.verifies ?? null,
    closing,
  };
  if (isSmall) return small.aggregate(argument);
  const summary = `${change.done.toLocaleString('en-US')} bars`;
  return activities.aggregating.aggregate.executeWithOptions({ summary }, [argument]);
}

/** Search attributes cost an event and a write each, so progress is shown there in tenths. */
function showSlice(run: BacktestRun, slice: SliceResult, ms: number): void {
  const { fromBar, bar, total } = slice;
  const tenths = (bars: number): number => Math.floor((bars * 10) / Math.max(1, total));
  const shown = tenths(run.bar);
  keep(run, slice);
  run.perSecond = ms > 0 ? ((bar - fromBar) * 1000) / ms : 0;
  if (tenths(bar) > shown && bar < total) showPhase('simulate', tenths(bar) / 10);
  setCurrentDetails(detailsFor(run, 'Simulating'));
}

function detailsFor(run: BacktestRun, title: string, end: { metrics?: Metrics | null; error?: RunError | null } = {}): string {
  return detailsOf(title, { ...run, ...run.input, memo: workflowInfo().memo, ...end });
}

/** Tells operators in Temporal Web where the run is. */
function show(
  run: BacktestRun,
  title: string,
  phase: RunPhase | 'paused' | null,
  end: { metrics?: Metrics | null; error?: RunError | null } = {},
): void {
  showPhase(phase ?? 'done', run.total > 0 ? run.bar / run.total : 0);
  setCurrentDetails(detailsFor(run, title, end));
}
