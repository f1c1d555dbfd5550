import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { RunRow } from '../../results/runs.ts';
import { RUN_STATUSES, isTerminal } from '../../shared/names.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { isAfter, readEventId, type Position } from '../events/event-id.ts';
import { START, asChange, endOf } from '../events/event-stream.ts';
import { asEventStream, createEventStreams, type EventStreams, type EventStreamsOptions } from '../events/streams.ts';
import { findRun, RunParams } from '../find-run.ts';
import { findSweep } from '../find-sweep.ts';
import { problems } from '../problems.ts';

/** Open runs that a stream of all runs begins with, the newest. */
const MOST_IN_SNAPSHOT = 200;

const OPEN_STATUSES = RUN_STATUSES.filter((status) => !isTerminal(status));

const EventQuery = z.strictObject({
  lastEventId: z.string().optional().describe('Goes on after this id, as the header Last-Event-ID does, which wins'),
});

const DESCRIPTION = `Each event has an \`id\`; a client that sends the last one it saw as \`Last-Event-ID\` gets what came after it, without gap or repeat, from
any process and after any restart. Ids rise strictly, also as text. The \`data\` is JSON of the schema named behind each event:

- \`status\` (StatusEvent): status, phase, request or error changed
- \`progress\` (ProgressEvent): the run got ahead; of several only the last may be sent
- \`equity\` (EquityEvent): the next points of the curve, as they became durable: at most 2,000 of a run
- \`done\` (DoneEvent): the run has ended; its last event`;

const stream = (description: string) => ({ description, content: { 'text/event-stream': { schema: z.string() } } });

const OF_RUN = {
  tags: ['backtests'],
  summary: 'Live events of a run',
  description: DESCRIPTION,
  params: RunParams,
  querystring: EventQuery,
  response: {
    200: stream('Events from the first on, or after the last one seen; it ends with the run'),
    204: z.undefined().describe('The run has ended, and its last event was seen'),
    ...problems(404, 422, 429),
  },
};

const OF_SWEEP = { ...OF_RUN, tags: ['sweeps'], summary: 'Live events of a sweep; progress counts trials' };

const OF_ALL = {
  tags: ['backtests'],
  summary: 'Live events of all runs',
  description: `${DESCRIPTION}\n\nWithout an id it begins with a \`status\` of each run that is open (the ${MOST_IN_SNAPSHOT} newest), and what happens from then on.`,
  querystring: EventQuery,
  response: { 200: stream('Events of all runs; it does not end'), ...problems(422, 429) },
};

/** Live progress as server-sent events. */
export function events(dependencies: ApiDependencies, options: EventStreamsOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const streams = createEventStreams(dependencies, options);
    // A stream that went on would keep the process from ending; clients reconnect to the next one.
    app.addHook('preClose', async () => streams.close());

    const { store } = dependencies;
    app.get<RunRequest>('/backtests/:id/events', { schema: OF_RUN }, async (request, reply) =>
      ofRun({ store, streams, run: await findRun(store, request) }, request, reply),
    );
    app.get<RunRequest>('/sweeps/:id/events', { schema: OF_SWEEP }, async (request, reply) =>
      ofRun({ store, streams, run: await findSweep(store, request) }, request, reply),
    );
    app.get<EventRequest>('/events', { schema: OF_ALL }, (request, reply) => ofAll(dependencies, streams, request, reply));
  };
}

interface EventRequest {
  Querystring: z.infer<typeof EventQuery>;
}
interface RunRequest extends EventRequest {
  Params: z.infer<typeof RunParams>;
}

interface OfRun {
  store: ApiDependencies['store'];
  streams: EventStreams;
  run: RunRow;
}

async function ofRun({ store, streams, run }: OfRun, request: FastifyRequest<RunRequest>, reply: FastifyReply) {
  const after = (await lastSeen(store, request)) ?? START;
  if (isTerminal(run.status) && !isAfter({ change: run.change, bar: run.durable }, after)) return reply.code(204).send();
  if (request.method === 'HEAD') return asEventStream(reply).send();
  streams.check(request.owner);
  return streams.send(reply, { owner: request.owner, runId: run.id }, { after, snapshot: [] });
}

async function ofAll({ store }: ApiDependencies, streams: EventStreams, request: FastifyRequest<EventRequest>, reply: FastifyReply) {
  const { owner, method } = request;
  const after = await lastSeen(store, request);
  if (method === 'HEAD') return asEventStream(reply).send();
  streams.check(owner);
  if (after !== null) return streams.send(reply, { owner, runId: null }, { after, snapshot: [] });
  // The number first: what happens while the list is read is told as a change.
  const last = await store.lastChange(owner);
  const runs = await store.list(owner, { statuses: OPEN_STATUSES, order: 'newest', limit: MOST_IN_SNAPSHOT });
  const now = runs.filter(({ change }) => change <= last).toSorted((a, b) => a.change - b.change);
  const snapshot = await Promise.all(now.map((run) => streams.frames(owner, asChange(run))));
  return streams.send(reply, { owner, runId: null }, { after: endOf(last), snapshot: snapshot.flat() });
}

/** What the client knows already; null for a client that begins. */
async function lastSeen(store: ApiDependencies['store'], request: FastifyRequest<EventRequest>): Promise<Position | null> {
  const text = String(request.headers['last-event-id'] ?? '') || request.query.lastEventId;
  if (!text) return null;
  const seen = readEventId(text);
  // Beyond all there is: the runs were deleted since, or a power cut took the last writes back.
  const end = endOf(await store.lastChange(request.owner));
  return isAfter(seen, end) ? end : seen;
}
