import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { OWN_SCHEDULES, WORKFLOWS, taskQueues } from '../shared/names.ts';

/** What the service does by itself, again and again. */
const PLANS = {
  reconcile: { staticSummary: 'Makes rows and workflows agree', workflowExecutionTimeout: '10m' },
  tidy: { staticSummary: 'Removes what is no longer kept', workflowExecutionTimeout: '12h' },
} as const satisfies Record<keyof typeof OWN_SCHEDULES, object>;

/** Makes sure that they run, as the worker that was started last wants it; `everySeconds` by what is done. */
export async function ensureOwnSchedules(
  client: Client,
  taskQueue: string,
  everySeconds: Readonly<Record<keyof typeof PLANS, number>>,
): Promise<void> {
  const { control } = taskQueues(taskQueue);
  for (const name of ['reconcile', 'tidy'] as const) {
    // The queue is part of the id: services that share a namespace each have their own.
    const id = `${OWN_SCHEDULES[name]}/${control}`;
    const plan = {
      spec: { intervals: [{ every: `${everySeconds[name]}s` as const }] },
      action: { type: 'startWorkflow' as const, workflowType: WORKFLOWS[name], workflowId: id, taskQueue: control, ...PLANS[name] },
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
}
