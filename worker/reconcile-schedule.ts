import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { RECONCILE_SCHEDULE_ID, WORKFLOWS, taskQueues } from '../shared/names.ts';

/** Makes sure that the reconciler runs, as the worker that was started last wants it. */
export async function ensureReconcileSchedule(client: Client, taskQueue: string, seconds: number): Promise<void> {
  const queues = taskQueues(taskQueue);
  // The queue is part of the id: services that share a namespace each have a reconciler of their own.
  const id = `${RECONCILE_SCHEDULE_ID}/${queues.control}`;
  const plan = {
    spec: { intervals: [{ every: `${seconds}s` as const }] },
    action: {
      type: 'startWorkflow' as const,
      workflowType: WORKFLOWS.reconcile,
      workflowId: id,
      taskQueue: queues.control,
      workflowExecutionTimeout: '10m' as const,
      staticSummary: 'Makes rows and workflows agree',
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' as const },
  };
  try {
    await client.schedule.create({ scheduleId: id, ...plan });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    // An operator's pause of it stays.
    await client.schedule.getHandle(id).update(({ state }) => ({ ...plan, state }));
  }
}
