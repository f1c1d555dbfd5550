import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { SearchAttributeType, defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { WORKFLOW_KINDS, runOf, taskQueues, workflowIdOf, type WorkflowKind } from '../shared/names.ts';
import {
  backtestStart,
  batchStart,
  sweepStart,
  notifyStart,
  type BacktestInput,
  type BatchInput,
  type NotifyInput,
  type StartPlan,
  type SweepInput,
} from '../shared/start.ts';
import { readHistory, type WorkflowHistory } from './workflow-history.ts';
import { failingActivity, isWorkflowTaskFailing, operatorPauseOf, type OperatorPause, type WorkflowState } from './workflow-state.ts';

/** A running workflow, as Temporal's list has it (some moments late). */
export interface ListedRun {
  kind: WorkflowKind;
  runId: string;
  startedAt: number;
}

/** What can be done to the workflow of a run. Each call fails with the client's own errors when Temporal does not answer. */
export interface RunWorkflows {
  /** Starts the workflow of an accepted run; harmless when it runs already or has ended. */
  start(input: BacktestInput): Promise<void>;
  /** As {@link start}, for a batch. */
  startBatch(input: BatchInput): Promise<void>;
  /** As {@link start}, for a sweep; `again` starts one whose workflow has ended. */
  startSweep(input: SweepInput & { again: boolean }): Promise<void>;
  /** Starts the workflow of a run anew: one that has ended, or that is stuck and then ends here. */
  restart(input: BacktestInput): Promise<void>;
  /** Starts the workflow that sends a message to a webhook; harmless when it runs already or has ended. */
  notify(input: NotifyInput): Promise<void>;
  /** Sends a signal; false when there is no running workflow. */
  signal(kind: WorkflowKind, runId: string, signal: 'pause' | 'resume'): Promise<boolean>;
  /** Asks for cancellation; false when there is no running workflow. */
  cancel(kind: WorkflowKind, runId: string): Promise<boolean>;
  /** Null when Temporal knows no workflow of the run. */
  describe(kind: WorkflowKind, runId: string): Promise<WorkflowState | null>;
  /** The history of the run's last workflow execution, for as many bytes as are wanted; null when Temporal knows none, or it is not closed. */
  history(kind: WorkflowKind, runId: string, mostBytes: number): Promise<WorkflowHistory | null>;
  /** Start of one Temporal run (milliseconds); of a reset, the moment of the reset. */
  startOf(execution: { workflowId: string; runId: string }): Promise<number>;
  /** The activity that an operator has paused, if any. */
  operatorPause(kind: WorkflowKind, runId: string): Promise<OperatorPause | null>;
  /** Every run and batch whose workflow is running. */
  running(): AsyncIterable<ListedRun>;
}

export interface RunWorkflowsOptions {
  /** Prefix of the task queues. */
  taskQueue: string;
  /** Where people reach the service, for links in Temporal Web. */
  apiUrl: string;
}

export function createRunWorkflows(client: Client, { taskQueue, apiUrl }: RunWorkflowsOptions): RunWorkflows {
  const handleOf = (kind: WorkflowKind, runId: string): WorkflowHandle => client.workflow.getHandle(workflowIdOf(kind, runId));
  return {
    start: (input) => start(client, backtestStart(input, taskQueue, apiUrl)),
    startBatch: (input) => start(client, batchStart(input, taskQueue, apiUrl)),
    startSweep: ({ again, ...input }) => start(client, sweepStart(input, taskQueue, apiUrl), again ? AGAIN : ONCE),
    notify: (input) => start(client, notifyStart(input, taskQueue, apiUrl)),
    restart: (input) => start(client, backtestStart(input, taskQueue, apiUrl), ANEW),
    signal: (kind, runId, signal) => reached(handleOf(kind, runId).signal(signal)),
    cancel: (kind, runId) => reached(handleOf(kind, runId).cancel()),
    describe: (kind, runId) => nullIfUnknown(describe(client, workflowIdOf(kind, runId))),
    history: (kind, runId, mostBytes) => nullIfUnknown(readHistory(client, workflowIdOf(kind, runId), mostBytes)),
    async startOf({ workflowId, runId }) {
      return (await client.workflow.getHandle(workflowId, runId).describe()).startTime.getTime();
    },
    operatorPause: (kind, runId) =>
      nullIfUnknown(
        handleOf(kind, runId)
          .describe()
          .then(({ raw }) => operatorPauseOf(raw)),
      ),
    running: () => running(client, taskQueues(taskQueue).control),
  };
}

/** A workflow that ended is started again only by the rules of the reconciler or by an operator, never by a repeated request. */
const ONCE = { workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'REJECT_DUPLICATE' } as const;
const AGAIN = { workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'ALLOW_DUPLICATE' } as const;
const ANEW = { workflowIdConflictPolicy: 'TERMINATE_EXISTING', workflowIdReusePolicy: 'ALLOW_DUPLICATE' } as const;

async function start(client: Client, plan: StartPlan, policy: typeof ONCE | typeof AGAIN | typeof ANEW = ONCE): Promise<void> {
  try {
    await client.workflow.start(plan.workflowType, {
      workflowId: plan.workflowId,
      taskQueue: plan.taskQueue,
      args: [...plan.args],
      ...policy,
      staticSummary: plan.summary,
      staticDetails: plan.details,
      memo: plan.memo,
      priority: plan.priority,
      // A worker that is lost in the middle of a step is missed after this long.
      workflowTaskTimeout: '5s',
      typedSearchAttributes: searchAttributePairs(plan.searchAttributes),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

async function describe(client: Client, workflowId: string): Promise<WorkflowState> {
  const { status, startTime, closeTime, runId, raw } = await client.workflow.getHandle(workflowId).describe();
  if (status.name !== 'RUNNING') return { closed: true, outcome: status.name, closedAt: closeTime?.getTime() ?? Date.now() };
  const stall = isWorkflowTaskFailing(raw) ? await workflowTaskFailure(client, { workflowId, runId }) : failingActivity(raw);
  return { closed: false, startedAt: startTime.getTime(), stall };
}

/** More than lie between a failed workflow task and the end of a history that does not grow any more. */
const LAST_EVENTS = 20;

/** Only the first failure of a row is in the history; later ones are known by their number only. */
async function workflowTaskFailure(client: Client, execution: { workflowId: string; runId: string }): Promise<string> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution,
    maximumPageSize: LAST_EVENTS,
  });
  const failed = history?.events?.find((event) => event.workflowTaskFailedEventAttributes)?.workflowTaskFailedEventAttributes;
  const reason = failed?.failure?.message ?? 'no worker gets through it';
  return `The workflow's own code cannot go on and is tried again and again: ${reason}`;
}

async function* running(client: Client, taskQueue: string): AsyncIterable<ListedRun> {
  const types = WORKFLOW_KINDS.map((kind) => `"${kind}"`).join(', ');
  const query = `TaskQueue = "${taskQueue}" AND WorkflowType IN (${types}) AND ExecutionStatus = "Running"`;
  for await (const { workflowId, startTime } of client.workflow.list({ query })) {
    const run = runOf(workflowId);
    if (run !== null) yield { ...run, startedAt: startTime.getTime() };
  }
}

async function nullIfUnknown<Value>(call: Promise<Value>): Promise<Value | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** Turns "there is no such workflow, or it has ended" into false. */
async function reached(call: Promise<unknown>): Promise<boolean> {
  return (await nullIfUnknown(call.then(() => true))) ?? false;
}

function searchAttributePairs(values: StartPlan['searchAttributes']): SearchAttributePair[] {
  return [
    ...(['RunOwner', 'RunKind', 'RunStrategy', 'RunPhase'] as const).map((name) => ({
      key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
      value: values[name],
    })),
    { key: defineSearchAttributeKey('RunSymbols', SearchAttributeType.KEYWORD_LIST), value: values.RunSymbols },
    { key: defineSearchAttributeKey('RunProgress', SearchAttributeType.DOUBLE), value: values.RunProgress },
  ];
}
