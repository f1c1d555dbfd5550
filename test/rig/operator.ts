import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowService } from '@temporalio/client';
import { workflowIdOf, type WorkflowKind } from '../../shared/names.ts';
import type { Service } from './service.ts';

type ResetPoint = NonNullable<Parameters<WorkflowService['resetWorkflowExecution']>[0]['workflowTaskFinishEventId']>;

/** What an operator does in Temporal, by its commands or in Temporal Web; each as `temporal …` would. */
export function operatorOf({ temporal }: Pick<Service, 'temporal'>, kind: WorkflowKind = 'backtest') {
  const namespace = 'default';
  const handleOf = (runId: string) => temporal.workflow.getHandle(workflowIdOf(kind, runId));
  const onSimulate = (runId: string) => ({
    namespace,
    execution: { workflowId: workflowIdOf(kind, runId) },
    type: 'simulate',
    identity: 'operator',
  });
  return {
    handleOf,
    pendingActivity: async (runId: string) => (await handleOf(runId).describe()).raw.pendingActivities?.[0],
    pauseActivity: (runId: string, reason: string) => temporal.workflowService.pauseActivity({ ...onSimulate(runId), reason }),
    unpauseActivity: (runId: string) => temporal.workflowService.unpauseActivity(onSimulate(runId)),
    resetActivity: (runId: string) => temporal.workflowService.resetActivity(onSimulate(runId)),
    /** `temporal workflow reset --event-id …`: goes on from just before that workflow task was completed. */
    resetWorkflow: async (runId: string, point: ResetPoint): Promise<void> => {
      await temporal.workflowService.resetWorkflowExecution({
        namespace,
        workflowExecution: { workflowId: workflowIdOf(kind, runId) },
        reason: 'by an operator',
        requestId: randomUUID(),
        workflowTaskFinishEventId: point,
      });
    },
    /** Numbers of the events at which workflow tasks were completed, to reset to. */
    resetPoints: async (runId: string): Promise<ResetPoint[]> => {
      const { events } = await handleOf(runId).fetchHistory();
      return (events ?? []).flatMap((event) => (event.workflowTaskCompletedEventAttributes && event.eventId ? [event.eventId] : []));
    },
    /** Makes Temporal forget the run, as the loss of its database would. */
    forget: async (runId: string): Promise<void> => {
      const isKnown = (): Promise<boolean> =>
        handleOf(runId)
          .describe()
          .then(
            () => true,
            () => false,
          );
      await temporal.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId: workflowIdOf(kind, runId) } });
      while (await isKnown()) await delay(50);
    },
  };
}
