import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { SearchAttributeType, defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { workflowIdOf, type RunKind } from '../shared/names.ts';
import { backtestStart, type BacktestInput } from '../shared/start.ts';

/** The state of a run's latest workflow execution; null when Temporal knows none. */
export type WorkflowState = { closed: false } | { closed: true; outcome: string; closedAt: number } | null;

/** What can be done to the workflow of a run. Each call fails with the client's own errors when Temporal does not answer. */
export interface RunWorkflows {
  /** Starts the workflow of an accepted run; harmless when it runs already or has ended. */
  start(input: BacktestInput): Promise<void>;
  /** Sends a signal; false when there is no running workflow. */
  signal(kind: RunKind, runId: string, signal: 'pause' | 'resume'): Promise<boolean>;
  /** Asks for cancellation; false when there is no running workflow. */
  cancel(kind: RunKind, runId: string): Promise<boolean>;
  describe(kind: RunKind, runId: string): Promise<WorkflowState>;
}

export function createRunWorkflows(client: Client, taskQueue: string): RunWorkflows {
  const handleOf = (kind: RunKind, runId: string): WorkflowHandle => client.workflow.getHandle(workflowIdOf(kind, runId));
  return {
    async start(input) {
      const start = backtestStart(input, taskQueue);
      try {
        await client.workflow.start(start.workflowType, {
          workflowId: start.workflowId,
          taskQueue: start.taskQueue,
          args: [...start.args],
          workflowIdConflictPolicy: 'USE_EXISTING',
          // A workflow that ended is started again only by the reconciler's rules, never by a repeated request.
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          staticSummary: start.summary,
          typedSearchAttributes: searchAttributePairs(start.searchAttributes),
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
    signal: (kind, runId, signal) => reached(handleOf(kind, runId).signal(signal)),
    cancel: (kind, runId) => reached(handleOf(kind, runId).cancel()),
    async describe(kind, runId) {
      try {
        const { status, closeTime } = await handleOf(kind, runId).describe();
        if (status.name === 'RUNNING') return { closed: false };
        return { closed: true, outcome: status.name, closedAt: closeTime?.getTime() ?? Date.now() };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      }
    },
  };
}

/** Turns "there is no such workflow, or it has ended" into false. */
async function reached(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

function searchAttributePairs(values: ReturnType<typeof backtestStart>['searchAttributes']): SearchAttributePair[] {
  return [
    ...(['RunOwner', 'RunKind', 'RunStrategy', 'RunPhase'] as const).map((name) => ({
      key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
      value: values[name],
    })),
    { key: defineSearchAttributeKey('RunSymbols', SearchAttributeType.KEYWORD_LIST), value: values.RunSymbols },
    { key: defineSearchAttributeKey('RunProgress', SearchAttributeType.DOUBLE), value: values.RunProgress },
  ];
}
