import { SearchAttributeType, WorkflowExecutionAlreadyStartedError, defineSearchAttributeKey } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  ChildWorkflowFailure,
  getExternalWorkflowHandle,
  setCurrentDetails,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { Continued } from '../activities/jobs/continue-run.ts';
import type { LaunchedNight, NightRun } from '../activities/launch-night.ts';
import { MEMO, runPathOf, schedulePathOf, taskQueues, workflowIdOf, type TerminalStatus } from '../shared/names.ts';
import type { RunError } from '../shared/run.ts';
import type { BacktestInput, LaunchInput, SweepInput } from '../shared/start.ts';
import { activitiesOn, longer, nights, rows } from './activity-options.ts';
import type { backtest } from './backtest.ts';
import { attributesOfItem, attributesOfSweep } from './search-attributes.ts';
import { stepError } from './step-error.ts';
import type { sweep } from './sweep.ts';

type Launched = Extract<LaunchedNight, { refused: null }>;

/** Between two looks at a run that has a workflow already, or whose workflow ended without a word. */
const FIRST_WAIT_MS = 1_000;
const LAST_WAIT_MS = 60_000;

/**
 * One night of a schedule: submits its run and waits for its end, so that the schedule's overlap policy sees how long the night takes. The nominal
 * time says which bars are meant, and never the clock.
 */
export async function launch(input: LaunchInput): Promise<{ runId: string; status: TerminalStatus }> {
  const night = nightOf(input);
  const launched = await nights.launchNight(night);
  if (launched.run === null) throw failure(launched.refused);
  const { run } = launched;
  show(input, run);
  const root = CancellationScope.current();
  root.cancelRequested.catch(() => cancelRun(run));
  // What is cancelled is the run: its night goes on until that has ended, and is compared.
  const ended = await CancellationScope.nonCancellable(async () => {
    const { continued, start } = await prepared(launched);
    const own = await untilEnded(start, () => root.consideredCancelled);
    const { id: runId, kind } = run;
    return nights.endNight({ ...night, runId, kind, continued: own ? continued : inFull('the reconciler began it') });
  });
  if (root.consideredCancelled) throw new CancelledFailure('The night was cancelled');
  if (ended.error !== null) throw failure(ended.error);
  return { runId: run.id, status: ended.status };
}

/** A failed night may pause its schedule. */
function failure({ code, message }: RunError): ApplicationFailure {
  return ApplicationFailure.create({ message, type: code, nonRetryable: true });
}

const nominalKey = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

function nightOf(input: LaunchInput) {
  const { typedSearchAttributes, startTime, firstExecutionRunId } = workflowInfo();
  // Started by hand it has none.
  const nominal = typedSearchAttributes.get(nominalKey) ?? startTime;
  return { ...input, nominalAt: nominal.getTime(), launch: firstExecutionRunId };
}

function cancelRun({ kind, id }: Pick<NightRun, 'kind' | 'id'>): void {
  // One that has just ended cannot be cancelled any more.
  void CancellationScope.nonCancellable(() => getExternalWorkflowHandle(workflowIdOf(kind, id)).cancel()).catch(() => undefined);
}

/** The run, ready to be started where the night before ended, or at the first bar. */
async function prepared({ run, fetch, before }: Launched): Promise<{ start: NightRun; continued: Pick<Continued, 'newBars' | 'full'> }> {
  const { owner } = run.input;
  if (before.runId === null) return { start: run, continued: inFull(before.full) };
  const { runId } = before;
  try {
    // As the run would: what is wrong with them is left for the run to say.
    const { fetching } = activitiesOn(taskQueues(workflowInfo().taskQueue));
    const dataset = await fetching.fetchBars(fetch, owner);
    if (run.kind === 'sweep') {
      const continued = await longer.continueSweepNight({ owner, sweepId: run.id, before: runId, dataset });
      return { start: { ...run, input: { ...run.input, ...(continued.before && { before: continued.before }) } }, continued };
    }
    const continued = await longer.continueNight({ owner, spec: run.input.spec, before: runId, dataset });
    return { start: { ...run, input: { ...run.input, checkpoint: continued.checkpoint, isNew: true } }, continued };
  } catch (error) {
    const failure = stepError(error);
    if (failure === null) throw error;
    return { start: run, continued: inFull(failure.message) };
  }
}

function inFull(full: string): Pick<Continued, 'newBars' | 'full'> {
  return { newBars: null, full };
}

/** The run's own row tells how it ended. Gives whether this is what ran it. */
async function untilEnded(run: NightRun, isCancelled: () => boolean): Promise<boolean> {
  const isOwn = await child(run, isCancelled);
  for (let wait = FIRST_WAIT_MS; (await rows.finishedAmong([run.id])).length === 0; wait = Math.min(2 * wait, LAST_WAIT_MS))
    await sleep(wait);
  return isOwn;
}

/** Runs it as a child. False where the reconciler came first, while bars were fetched: there is a workflow of it already. */
async function child(run: NightRun, isCancelled: () => boolean): Promise<boolean> {
  try {
    const started = await startRun(run);
    // A cancel may have come while there was nothing to cancel.
    if (isCancelled()) cancelRun(run);
    await started.result();
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    if (!(error instanceof ChildWorkflowFailure)) throw error;
  }
  return true;
}

function startRun({ kind, id, input }: NightRun): Promise<{ result(): Promise<unknown> }> {
  const { memo } = workflowInfo();
  const shared = {
    workflowId: workflowIdOf(kind, id),
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    // A night that is terminated keeps what it has.
    parentClosePolicy: 'REQUEST_CANCEL' as const,
    workflowTaskTimeout: '5s' as const,
    ...(memo && { memo }),
  };
  if (kind === 'sweep') {
    const staticSummary = input.name.slice(0, 180);
    const args: [SweepInput] = [input];
    return startChild<typeof sweep>('sweep', { ...shared, args, staticSummary, typedSearchAttributes: attributesOfSweep(input) });
  }
  const staticSummary = (input.spec.name ?? input.spec.strategy.name).slice(0, 180);
  const args: [BacktestInput] = [input];
  return startChild<typeof backtest>('backtest', { ...shared, args, staticSummary, typedSearchAttributes: attributesOfItem(input) });
}

function show({ scheduleId }: LaunchInput, { kind, id }: NightRun): void {
  const api = workflowInfo().memo?.[MEMO.api];
  if (typeof api === 'string')
    setCurrentDetails(`[Run](${api}${runPathOf(id, kind)}) of [its schedule](${api}${schedulePathOf(scheduleId)})`);
}
