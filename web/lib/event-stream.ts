import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { DoneEvent, EquityEvent, ProgressEvent, StatusEvent } from '#shared/events.ts';
import { fetchApi } from './api.ts';
import { createStore } from './store.ts';

export type LiveEvent =
  | { name: 'status'; data: StatusEvent }
  | { name: 'progress'; data: ProgressEvent }
  | { name: 'equity'; data: EquityEvent }
  | { name: 'done'; data: DoneEvent };

/** `live`: what is shown is as it is now. `away`: no stream since then; all goes on by itself once there is one again. */
export type Connection = { state: 'connecting' } | { state: 'live' } | { state: 'away'; since: number };
export const connection = createStore<Connection>({ state: 'connecting' });

/** A comment comes every 15 s; after so long without a word a connection is dead. */
const SILENCE_MS = 40_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

interface Streaming {
  path: string;
  /** The last event that was seen; the stream goes on after it. */
  lastId: string | undefined;
  deliver: (event: LiveEvent, id: string) => void;
  signal: AbortSignal;
}

/**
 * Reads an event stream for as long as it is wanted, over any number of connections, without gap or repeat. By `fetch` and not by EventSource: it can
 * send the token in a header, so that no secret stands in an address.
 */
export async function followEvents(streaming: Streaming): Promise<void> {
  const { signal } = streaming;
  let pause = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      const isOver = await readOnce(streaming, () => {
        pause = FIRST_PAUSE_MS;
        connection.set((now) => (now.state === 'live' ? now : { state: 'live' }));
      });
      if (isOver) return;
    } catch {
      if (signal.aborted) return;
    }
    connection.set((now) => (now.state === 'away' ? now : { state: 'away', since: Date.now() }));
    await waitFor(pause * (0.5 + Math.random() / 2), signal);
    pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
  }
}

/** One connection; resolves to whether there will never be more. */
async function readOnce(streaming: Streaming, opened: () => void): Promise<boolean> {
  const silence = new AbortController();
  const signal = AbortSignal.any([streaming.signal, silence.signal]);
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  try {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (streaming.lastId !== undefined) headers['last-event-id'] = streaming.lastId;
    const answer = await fetchApi(streaming.path, { headers, signal });
    opened();
    if (answer.status === 204 || answer.body === null) return true;
    const events = answer.body
      .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array<ArrayBuffer>>)
      .pipeThrough(new EventSourceParserStream({ onComment: heard }));
    const reader = events.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return false;
      heard();
      if (value.id === undefined || value.event === undefined) continue;
      streaming.lastId = value.id;
      streaming.deliver({ name: value.event, data: JSON.parse(value.data) } as LiveEvent, value.id);
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** Ends sooner when the network comes back, or someone looks at the page again. */
function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      window.removeEventListener('online', end);
      document.removeEventListener('visibilitychange', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    window.addEventListener('online', end);
    document.addEventListener('visibilitychange', end);
    signal.addEventListener('abort', end);
  });
}
