import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { v4 as uuidv4, v5 as uuidv5 } from 'uuid';
import * as z from 'zod';
import type { ScheduleControl } from '../../orchestration/schedules.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { Schedule } from '../../shared/schedule.ts';
import { Overlap } from '../../shared/schedule-timing.ts';
import { shortText } from '../../shared/short-text.ts';
import { AcceptHeaders } from '../accept-run.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { findSchedule } from '../find-schedule.ts';
import { RunParams } from '../find-run.ts';
import { idempotencyOf } from '../idempotency.ts';
import { problems } from '../problems.ts';
import { acceptedOf } from '../refuse-submission.ts';
import { requireTemporal } from '../settle-schedule.ts';
import { showSchedules } from '../show-schedules.ts';

const tags = ['schedules'];
const one = { tags, params: RunParams };
const response = { 202: Schedule, ...problems(400, 404, 415, 422, 503) };

/** Without a body, all of it is left out. */
function orNothing<Schema extends z.ZodType<object>>(schema: Schema) {
  return schema.nullish().transform((body) => body ?? ({} as z.infer<Schema>));
}

const Trigger = orNothing(z.strictObject({ overlap: Overlap.optional().describe("Left out, the schedule's own") }));
const Backfill = z
  .strictObject({
    from: z.iso.datetime({ offset: true }).describe('The first nominal time that may be run'),
    to: z.iso.datetime({ offset: true }).describe('The last one'),
    overlap: Overlap.default('buffer-all').describe('Between its own nights; buffer-all runs them one after the other'),
  })
  .refine(({ from, to }) => Date.parse(from) <= Date.parse(to), { path: ['to'], message: 'lies before "from"' });
const Pause = orNothing(z.strictObject({ note: shortText(500).optional().describe('Why') }));

interface Answer {
  code(status: 202): unknown;
  header(name: string, value: string): unknown;
}

/** What is asked of a schedule beside its timing. A 202 means that Temporal has taken it. */
export function scheduleControls(dependencies: ApiDependencies) {
  const { store, orchestrator } = dependencies;
  const show = showSchedules(dependencies);
  type Asking = FastifyRequest<{ Params: z.infer<typeof RunParams>; Headers: { 'idempotency-key'?: string | undefined } }>;

  /** What comes again with its key is sent again under the same request id, of which Temporal takes only the first: the first try may have ended halfway. */
  async function ask(request: Asking, reply: Answer, control: ScheduleControl): Promise<Schedule> {
    const schedule = await findSchedule(store, request);
    const { owner } = request;
    await requireTemporal(dependencies);
    const idempotency = idempotencyOf(request.headers['idempotency-key'], { schedule: schedule.id, ...control });
    const kept = acceptedOf({ outcome: await store.keepScheduleKey({ owner, scheduleId: schedule.id, idempotency }) }, reply);
    if (kept.outcome === 'replayed') reply.header('idempotency-replayed', 'true');
    const requestId = idempotency === null ? uuidv4() : uuidv5(idempotency.key, schedule.id);
    if (!(await orchestrator.schedules.control(schedule.id, control, requestId)))
      throw new HoldfastError(
        'orchestrator_unavailable',
        'Temporal does not know this schedule yet. It is made within a minute; try again then.',
      );
    reply.code(202);
    return show(schedule);
  }

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    const trigger = {
      ...one,
      summary: 'Run it now',
      description: 'Now is the nominal time of this night.',
      headers: AcceptHeaders,
      body: Trigger,
      response,
    };
    app.post('/schedules/:id/trigger', { schema: trigger }, (request, reply) => ask(request, reply, { kind: 'trigger', ...request.body }));

    const backfill = {
      ...one,
      summary: 'Run the nights of the past, each for its nominal time',
      description: 'All times from `from` to `to` at which it was due by its present timing, also those that have run.',
      headers: AcceptHeaders,
      body: Backfill,
      response,
    };
    app.post('/schedules/:id/backfill', { schema: backfill }, (request, reply) => {
      const { from, to, overlap } = request.body;
      return ask(request, reply, { kind: 'backfill', from: Date.parse(from), to: Date.parse(to), overlap });
    });

    for (const kind of ['pause', 'resume'] as const) {
      const summary = kind === 'pause' ? 'Let no night begin until it is resumed' : 'Let nights begin again';
      const schema = { ...one, summary, headers: AcceptHeaders, body: Pause, response };
      app.post(`/schedules/:id/${kind}`, { schema }, (request, reply) =>
        ask(request, reply, { kind, note: request.body.note ?? (kind === 'pause' ? 'paused by its owner' : 'resumed by its owner') }),
      );
    }
  };
}
