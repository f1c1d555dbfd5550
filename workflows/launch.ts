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
import type { LaunchedNight } from '../activities/launch-night.ts';
import { MEMO, runPathOf, schedulePathOf, taskQueues, workflowIdOf, type TerminalStatus } from '../shared/names.ts';
import type { RunError } from '../shared/run.ts';
import type { BacktestInput, LaunchInput } from '../shared/start.ts';
import { activitiesOn, longer, nights, rows } from './activity-options.ts';
import type { backtest } from './backtest.ts';
import { attributesOfItem } from './search-attributes.ts';
import { stepError } from './step-error.ts';

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
  const { run, before } = launched;
  show(input, run);
  const root = CancellationScope.current();
  root.cancelRequested.catch(() => cancelRun(run));
  // What is cancelled is the run: its night goes on until that has ended, and is compared.
  const ended = await CancellationScope.nonCancellable(async () => {
    const continued = await continueFrom(before, run);
    const own = await untilEnded({ ...run, checkpoint: continued.checkpoint, isNew: true }, () => root.consideredCancelled);
    return nights.endNight({ ...night, runId: run.runId, continued: own ? continued : inFull('the reconciler began it') });
  });
  if (root.consideredCancelled) throw new CancelledFailure('The night was cancelled');
  if (ended.error !== null) throw failure(ended.error);
  return { runId: run.runId, status: ended.status };
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

function cancelRun({ runId }: BacktestInput): void {
  // One that has just ended cannot be cancelled any more.
  void CancellationScope.nonCancellable(() => getExternalWorkflowHandle(workflowIdOf('backtest', runId)).cancel()).catch(() => undefined);
}

/** Fetches the bars, as the run would, to see whether the night before goes on in them. What is wrong with them is left for the run to say. */
async function continueFrom(before: Launched['before'], { owner, spec }: BacktestInput): Promise<Continued> {
  if (before.runId === null) return inFull(before.full);
  try {
    const { fetching } = activitiesOn(taskQueues(workflowInfo().taskQueue));
    const dataset = await fetching.fetchBars(spec, owner);
    return await longer.continueNight({ owner, spec, before: before.runId, dataset });
  } catch (error) {
    const failure = stepError(error);
    if (failure === null) throw error;
    return inFull(failure.message);
  }
}

function inFull(full: string): Continued {
  return { checkpoint: null, newBars: null, full };
}

/** The run's own row tells how it ended. Gives whether this is what ran it. */
async function untilEnded(run: BacktestInput, isCancelled: () => boolean): Promise<boolean> {
  const isOwn = await child(run, isCancelled);
  for (let wait = FIRST_WAIT_MS; (await rows.finishedAmong([run.runId])).length === 0; wait = Math.min(2 * wait, LAST_WAIT_MS))
    await sleep(wait);
  return isOwn;
}

/** Runs it as a child. False where the reconciler came first, while bars were fetched: there is a workflow of it already. */
async function child(run: BacktestInput, isCancelled: () => boolean): Promise<boolean> {
  const { memo } = workflowInfo();
  const options = {
    workflowId: workflowIdOf('backtest', run.runId),
    args: [run] as [BacktestInput],
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    // A night that is terminated keeps what it has.
    parentClosePolicy: 'REQUEST_CANCEL' as const,
    workflowTaskTimeout: '5s' as const,
    staticSummary: (run.spec.name ?? run.spec.strategy.name).slice(0, 180),
    typedSearchAttributes: attributesOfItem(run),
    ...(memo && { memo }),
  };
  try {
    const started = await startChild<typeof backtest>('backtest', options);
    // A cancel may have come while there was nothing to cancel.
    if (isCancelled()) cancelRun(run);
    await started.result();
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    if (!(error instanceof ChildWorkflowFailure)) throw error;
  }
  return true;
}

function show({ scheduleId }: LaunchInput, { runId }: BacktestInput): void {
  const api = workflowInfo().memo?.[MEMO.api];
  if (typeof api === 'string') setCurrentDetails(`[Run](${api}${runPathOf(runId)}) of [its schedule](${api}${schedulePathOf(scheduleId)})`);
}
