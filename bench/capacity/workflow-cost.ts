import { Client, Connection } from '@temporalio/client';

/** What one workflow costs Temporal. */
interface WorkflowCost {
  /** As Temporal Cloud counts what it bills, without heartbeats, which no history has. */
  actions: number;
  stateTransitions: number;
  events: number;
  historyBytes: number;
}

/** What the last execution of a workflow has cost. */
export async function workflowCost(address: string, workflowId: string): Promise<WorkflowCost> {
  const connection = await Connection.connect({ address });
  try {
    const handle = new Client({ connection }).workflow.getHandle(workflowId);
    const { raw } = await handle.describe();
    const events = (await handle.fetchHistory()).events ?? [];
    return {
      actions: actionsIn(events),
      stateTransitions: Number(raw.workflowExecutionInfo?.stateTransitionCount ?? 0),
      events: events.length,
      historyBytes: Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0),
    };
  } finally {
    await connection.close();
  }
}

type Event = NonNullable<Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>['events']>[number];

/** Starts, attempts of activities, timers, signals, upserts of search attributes and child workflows are one each; so are all local activities of one workflow task. */
function actionsIn(events: readonly Event[]): number {
  const withLocal = new Set<string>();
  let actions = 0;
  for (const event of events) {
    if (event.markerRecordedEventAttributes?.markerName === 'core_local_activity')
      withLocal.add(String(event.markerRecordedEventAttributes.workflowTaskCompletedEventId));
    if (event.activityTaskStartedEventAttributes) actions += event.activityTaskStartedEventAttributes.attempt ?? 1;
    const counts =
      event.workflowExecutionStartedEventAttributes ||
      event.timerStartedEventAttributes ||
      event.workflowExecutionSignaledEventAttributes ||
      event.upsertWorkflowSearchAttributesEventAttributes ||
      event.startChildWorkflowExecutionInitiatedEventAttributes;
    if (counts) actions += 1;
  }
  return actions + withLocal.size;
}
