import { setTimeout as delay } from 'node:timers/promises';
import { eventsIn } from '../../cli/event-stream.ts';
import { EVENTS, type DoneEvent, type EquityEvent, type ProgressEvent, type StatusEvent } from '../../shared/events.ts';

const RECONNECT_MS = 50;

/** An event as a client got it, checked against its schema. */
export type ReceivedEvent = { id: string } & (
  | { name: 'status'; data: StatusEvent }
  | { name: 'progress'; data: ProgressEvent }
  | { name: 'equity'; data: EquityEvent }
  | { name: 'done'; data: DoneEvent }
);

interface Connection {
  lastEventId?: string | undefined;
  signal?: AbortSignal;
}

/** The events of one connection, until the service ends it: none where it answers 204. Fails when it is refused or breaks off. */
export async function* connectToEvents(address: string, { lastEventId, signal }: Connection = {}): AsyncGenerator<ReceivedEvent> {
  const headers: Record<string, string> = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const answer = await fetch(address, { headers, ...(signal && { signal }) });
  if (!answer.ok) throw new RefusedEvents(`${address} answered ${answer.status}: ${await answer.text()}`, answer.status);
  if (answer.body === null) return;
  for await (const { id = '', event = '', data } of eventsIn(answer.body)) {
    const name = event as keyof typeof EVENTS;
    yield { id, name, data: EVENTS[name].parse(JSON.parse(data)) } as ReceivedEvent;
  }
}

/** All events of one connection. */
export async function allEvents(address: string, connection: Connection = {}): Promise<ReceivedEvent[]> {
  const events: ReceivedEvent[] = [];
  for await (const event of connectToEvents(address, connection)) events.push(event);
  return events;
}

class RefusedEvents extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

export interface Watching {
  /** Events after which the client drops its connection, drawn anew for each connection; it never does by default. */
  dropAfter?: () => number;
  /** Whether all that was wanted has come; by default the first `done`. */
  until?: (events: readonly ReceivedEvent[]) => boolean;
  signal?: AbortSignal;
}

/** Watches as a browser does: whenever the connection ends or cannot be made, it goes on after the last id it saw. */
export async function watchEvents(address: string, watching: Watching = {}): Promise<ReceivedEvent[]> {
  const { dropAfter = () => Infinity, until = endsWithDone, signal } = watching;
  const events: ReceivedEvent[] = [];

  async function connection(left: number): Promise<void> {
    for await (const event of connectToEvents(address, { lastEventId: events.at(-1)?.id, ...(signal && { signal }) })) {
      events.push(event);
      if (until(events) || --left <= 0) return;
    }
  }

  while (!until(events)) {
    signal?.throwIfAborted();
    // A service that restarts is away for a moment; any other refusal is final.
    await connection(dropAfter()).catch((error: unknown) => {
      if (error instanceof RefusedEvents && error.status < 500) throw error;
    });
    await delay(RECONNECT_MS);
  }
  return events;
}

const endsWithDone = (events: readonly ReceivedEvent[]): boolean => events.at(-1)?.name === 'done';

/** What is the same for all who watch a run, whenever and however often they connect: all but live progress. */
export function storyOf(events: readonly ReceivedEvent[]): ReceivedEvent[] {
  return events.filter(({ name }) => name !== 'progress');
}

/** What is wrong with the events that a client got of one run, in words; none when all promises were kept. */
export function faultsIn(events: readonly ReceivedEvent[]): string[] {
  const faults: string[] = [];
  let toBar = 0;
  let done = 0;
  for (const [index, event] of events.entries()) {
    const before = events[index - 1];
    if (before !== undefined && event.id <= before.id) faults.push(`id ${event.id} after ${before.id}`);
    if (before?.name === 'done') faults.push(`${event.name} after done`);
    if (event.name === 'equity') {
      if (event.data.columns.bar.some((bar) => bar < toBar)) faults.push(`points of bars before ${toBar} again, in ${event.id}`);
      toBar = event.data.toBar;
    } else {
      if (event.data.progress.done < done) faults.push(`progress fell from ${done} to ${event.data.progress.done}, in ${event.id}`);
      done = event.data.progress.done;
    }
  }
  return faults;
}
