import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { RECONCILE_SCHEDULE_ID, WORKFLOWS, taskQueues } from '../shared/names.ts';

/** Makes sure that the reconciler runs, whichever worker comes first; each later one finds the schedule there. */
export async function ensureReconcileSchedule(client: Client, taskQueue: string, seconds: number): Promise<void> {
  const queues = taskQueues(taskQueue);
  // The queue is part of the id: services that share a namespace each have a reconciler of their own.
  const id = `${RECONCILE_SCHEDULE_ID}/${queues.control}`;
  try {
    await client.schedule.create({
      scheduleId: id,
      spec: { intervals: [{ every: `${seconds}s` }] },
      action: {
        type: 'startWorkflow',
        workflowType: WORKFLOWS.reconcile,
        workflowId: id,
        taskQueue: queues.control,
        workflowExecutionTimeout: '10m',
        staticSummary: 'Makes rows and workflows agree',
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
