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
import { MEMO, runPathOf, schedulePathOf, workflowIdOf, type TerminalStatus } from '../shared/names.ts';
import type { RunError } from '../shared/run.ts';
import type { BacktestInput, LaunchInput } from '../shared/start.ts';
import { nights, rows } from './activity-options.ts';
import type { backtest } from './backtest.ts';
import { attributesOfItem } from './search-attributes.ts';

/** Between two looks at a run that has a workflow already, or whose workflow ended without a word. */
const FIRST_WAIT_MS = 1_000;
const LAST_WAIT_MS = 60_000;

/**
 * One night of a schedule: submits its run and waits for its end, so that the schedule's overlap policy sees how long the night takes. The nominal
 * time says which bars are meant, and never the clock.
 */
export async function launch(input: LaunchInput): Promise<{ runId: string; status: TerminalStatus }> {
  const night = nightOf(input);
  const { run, refused } = await nights.launchNight(night);
  if (run === null) throw failure(refused);
  show(input, run);
  CancellationScope.current().cancelRequested.catch(() => cancelRun(run));
  // What is cancelled is the run: its night goes on until that has ended, and is compared.
  const ended = await CancellationScope.nonCancellable(async () => {
    await untilEnded(run);
    return nights.endNight({ ...night, runId: run.runId });
  });
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('The night was cancelled');
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

/** The run's own row tells how it ended. */
async function untilEnded(run: BacktestInput): Promise<void> {
  await child(run);
  for (let wait = FIRST_WAIT_MS; (await rows.finishedAmong([run.runId])).length === 0; wait = Math.min(2 * wait, LAST_WAIT_MS))
    await sleep(wait);
}

/** Runs it as a child. Where the reconciler came first there is a workflow of it already. */
async function child(run: BacktestInput): Promise<void> {
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
    await started.result();
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError) && !(error instanceof ChildWorkflowFailure)) throw error;
  }
}

function show({ scheduleId }: LaunchInput, { runId }: BacktestInput): void {
  const api = workflowInfo().memo?.[MEMO.api];
  if (typeof api === 'string') setCurrentDetails(`[Run](${api}${runPathOf(runId)}) of [its schedule](${api}${schedulePathOf(scheduleId)})`);
}
