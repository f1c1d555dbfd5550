import { connection, followEvents, type Connection, type LiveEvent } from './event-stream.ts';

/** Between the tabs of a browser. */
type Message = { kind: 'event'; event: LiveEvent; id: string } | { kind: 'connection'; now: Connection } | { kind: 'who' };

/**
 * One stream for all tabs of a browser, which opens six connections to a host at most: the tab that holds the lock reads, and tells the others.
 * When it is closed, another takes over after the last event that it heard. `who` keeps the tabs of different users apart.
 */
export function shareEvents(who: string, deliver: (event: LiveEvent) => void, signal: AbortSignal): void {
  const name = `holdfast-events-${who}`;
  const channel = new BroadcastChannel(name);
  const streaming = { path: '/v1/events', lastId: undefined as string | undefined, deliver: tell, signal };
  let reads = false;

  function tell(event: LiveEvent, id: string): void {
    channel.postMessage({ kind: 'event', event, id } satisfies Message);
    deliver(event);
  }
  const tellConnection = (): void => {
    if (reads) channel.postMessage({ kind: 'connection', now: connection.get() } satisfies Message);
  };
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'who') tellConnection();
    else if (data.kind === 'connection') connection.set(data.now);
    else {
      streaming.lastId = data.id;
      deliver(data.event);
    }
  });
  const stopTelling = connection.subscribe(tellConnection);
  channel.postMessage({ kind: 'who' } satisfies Message);
  signal.addEventListener('abort', () => {
    stopTelling();
    channel.close();
  });

  const read = async (): Promise<void> => {
    reads = true;
    await followEvents(streaming);
  };
  // Where there are no locks (an address without TLS that is not loopback), each tab reads by itself.
  const reading = 'locks' in navigator ? navigator.locks.request(name, { signal }, read) : read();
  reading.catch(() => undefined); // given up before it was its turn
}
