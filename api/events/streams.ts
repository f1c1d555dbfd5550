import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { RunChange } from '../../results/runs.ts';
import { HoldfastError } from '../../shared/errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { createChangeFeed, type Watched } from './change-feed.ts';
import { createCurvePoints } from './curve-points.ts';
import type { Position } from './event-id.ts';
import { eventStream } from './event-stream.ts';
import { framesOf, type Frame } from './run-frames.ts';

export interface EventStreamsOptions {
  streamsPerOwner: number;
  /** A client that takes nothing for so long is disconnected; it can go on after the last id it saw. Longer than a quiet run is kept alive by. */
  stalledMs?: number;
}

export interface EventStreams {
  /** Fails with `too_many_streams` where the owner may have no more. */
  check(owner: string): void;
  /** What is told of a change. */
  frames(owner: string, change: RunChange): Promise<Frame[]>;
  /** Answers with what happens after a position; one run's stream ends with it. */
  send(reply: FastifyReply, watched: Watched, begin: { after: Position; snapshot: Frame[] }): Promise<FastifyReply>;
  close(): void;
}

/** The open event streams of this process. */
export function createEventStreams(
  { store, artifacts }: Pick<ApiDependencies, 'store' | 'artifacts'>,
  { streamsPerOwner, stalledMs = 60_000 }: EventStreamsOptions,
): EventStreams {
  const feed = createChangeFeed(store);
  const curves = createCurvePoints({ store, artifacts });
  const told = new WeakMap<RunChange, Promise<Frame[]>>();
  const open = new Map<string, number>();
  const count = (owner: string, more: number): void => void open.set(owner, (open.get(owner) ?? 0) + more);

  /** The same for all clients that get the same change, so it is made once. */
  function frames(owner: string, change: RunChange): Promise<Frame[]> {
    const made = told.get(change) ?? framesOf(owner, change, curves);
    told.set(change, made);
    made.catch(() => told.delete(change));
    return made;
  }

  return {
    frames,
    check(owner) {
      if ((open.get(owner) ?? 0) < streamsPerOwner) return;
      const advice = 'Close one, or follow all runs with one: GET /v1/events.';
      throw new HoldfastError('too_many_streams', `${streamsPerOwner} event streams are open. ${advice}`);
    },
    async send(reply, watched, begin) {
      const { owner, runId } = watched;
      count(owner, 1);
      const watch = await feed.watch(watched).catch((error: unknown) => {
        count(owner, -1);
        throw error;
      });
      const ended = (): void => {
        watch.close();
        count(owner, -1);
      };
      // A client may be gone again by now.
      if (reply.raw.destroyed) ended();
      else reply.raw.once('close', ended);
      reply.raw.setTimeout(stalledMs, () => reply.raw.destroy());
      const stream = eventStream({ ...begin, watch, framesOf: (change) => frames(owner, change), endsWithRun: runId !== null });
      return asEventStream(reply).send(Readable.from(stream));
    },
    close: () => feed.close(),
  };
}

/** Sets the headers of an event stream. */
export function asEventStream(reply: FastifyReply): FastifyReply {
  return reply
    .type('text/event-stream; charset=utf-8')
    .header('cache-control', 'no-cache, no-transform')
    .header('x-accel-buffering', 'no') // nginx would hold events back
    .header('connection', 'close'); // Its end is the end of the connection: a server that stops need not wait for it.
}
