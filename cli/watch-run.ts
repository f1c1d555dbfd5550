import { setTimeout as delay } from 'node:timers/promises';
import type { EventSourceMessage } from 'eventsource-parser';
import { DoneEvent, ProgressEvent, StatusEvent } from '../shared/events.ts';
import { eventsIn } from './event-stream.ts';
import { type HttpClient, RefusedError, UnreachableError } from './http-client.ts';
import type { ProgressView, RunState } from './progress.ts';

const RECONNECT_MS = 300;
/** A restart of the service takes seconds; after this long without an answer it is gone. */
const PATIENCE_MS = 60_000;

/** Follows the run at an address until it has ended, and resolves to what is then there. Rejects when `signal` aborts or the service stays away. */
export async function watchRun(client: HttpClient, path: string, view: ProgressView, signal: AbortSignal): Promise<unknown> {
  let lastEventId: string | undefined;
  let state: RunState | null = null;
  let answered = Date.now();

  /** Shows events until the stream ends; true when the run has. */
  async function follow(): Promise<boolean> {
    const body = await client.stream({ path: `${path}/events`, query: { lastEventId }, signal });
    for await (const event of eventsIn(body)) {
      answered = Date.now();
      lastEventId = event.id ?? lastEventId;
      state = next(state, event);
      if (state !== null) view.show(state);
      if (event.event === 'done') return true;
    }
    return false;
  }

  try {
    while (!(await follow().catch((error: unknown) => waitFor(error, answered)))) await delay(RECONNECT_MS, undefined, { signal });
    return await client.json({ path });
  } finally {
    view.stop();
  }
}

/** What is known of the run after an event. Of the curve there is nothing to show. */
function next(state: RunState | null, { event, data }: EventSourceMessage): RunState | null {
  if (event === 'status') return StatusEvent.parse(JSON.parse(data));
  if (event === 'done') return DoneEvent.parse(JSON.parse(data));
  if (event === 'progress' && state !== null) return { ...state, progress: ProgressEvent.parse(JSON.parse(data)).progress };
  return state;
}

/** A service that is away for the moment is asked again; any other error ends the watch. */
function waitFor(error: unknown, answered: number): false {
  const away = error instanceof UnreachableError || (error instanceof RefusedError && error.problem.status >= 500);
  if (away && Date.now() - answered < PATIENCE_MS) return false;
  throw error;
}
