import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/** As `temporal workflow show --output json` gives it, which Temporal Web can import. */
export interface WorkflowHistory {
  /** JSON: `{"events": […]}`; payloads that are encrypted stay so. */
  text: string;
  events: number;
  /** There were more events than have room. */
  truncated: boolean;
}

const PAGE_EVENTS = 500;

/**
 * Reads the history of the last execution of a workflow, page by page up to `mostBytes` of JSON. Null while it runs; fails with
 * {@link WorkflowNotFoundError} where Temporal has none (any more).
 */
export async function readHistory(client: Client, workflowId: string, mostBytes: number): Promise<WorkflowHistory | null> {
  const { status, runId } = await client.workflow.getHandle(workflowId).describe();
  if (status.name === 'RUNNING') return null;
  const request = { namespace: client.options.namespace, execution: { workflowId, runId }, maximumPageSize: PAGE_EVENTS };
  const events: string[] = [];
  let bytes = 0;
  let nextPageToken: Uint8Array | null | undefined;
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({ ...request, ...(nextPageToken && { nextPageToken }) });
    if (!page.history) throw new WorkflowNotFoundError('its history is gone', workflowId, runId);
    for (const event of (JSON.parse(historyToJSON(page.history)) as { events: unknown[] }).events) {
      const text = JSON.stringify(event);
      bytes += Buffer.byteLength(text) + 1;
      if (bytes > mostBytes) return { text: textOf(events), events: events.length, truncated: true };
      events.push(text);
    }
    nextPageToken = page.nextPageToken;
  } while (nextPageToken?.length);
  return { text: textOf(events), events: events.length, truncated: false };
}

function textOf(events: readonly string[]): string {
  return `{"events":[${events.join(',')}]}`;
}
