import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { v7 as uuidv7 } from 'uuid';
import type { ScheduleRow } from '../../results/schedules.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { schedulePathOf } from '../../shared/names.ts';
import { Schedule, ScheduleSpec } from '../../shared/schedule.ts';
import { AcceptHeaders } from '../accept-run.ts';
import { checkSchedule } from '../check-schedule.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { findSchedule, noSuchSchedule } from '../find-schedule.ts';
import { RunParams } from '../find-run.ts';
import { idempotencyOf } from '../idempotency.ts';
import { problems } from '../problems.ts';
import { acceptedOf } from '../refuse-submission.ts';
import { requireTemporal, settleWritten } from '../settle-schedule.ts';
import { showSchedules } from '../show-schedules.ts';
import { validateAllButBody } from '../validation.ts';

const tags = ['schedules'];

const createSchema = {
  tags,
  summary: 'Run a backtest or a sweep again and again',
  description: 'Each night is a run of its own, submitted for the time at which it was due.',
  headers: AcceptHeaders,
  body: ScheduleSpec,
  response: { 201: Schedule, ...problems(400, 413, 415, 422, 503) },
};

const changeSchema = {
  tags,
  params: RunParams,
  summary: 'Change a schedule: what is left out stays',
  description: 'Nights that are running go on as they are. Whether it is paused stays, too.',
  body: ScheduleSpec.omit({ paused: true }).partial(),
  response: { 200: Schedule, ...problems(400, 404, 415, 422, 503) },
};

/** Accepts schedules and changes of them. */
export function scheduleSubmission(dependencies: ApiDependencies) {
  const { store } = dependencies;
  const show = showSchedules(dependencies);
  const check = async (body: unknown, owner: string) => {
    const checked = await checkSchedule(body, { ...dependencies, marketData: dependencies.marketData.of(owner) });
    await dependencies.blocks.refuseStrategies([checked.spec.strategy.name]);
    return checked;
  };

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    app.post('/schedules', { schema: createSchema, validatorCompiler: validateAllButBody }, async (request, reply) => {
      const { owner, headers, body } = request;
      const checked = await check(body, owner);
      await requireTemporal(dependencies);
      const idempotency = idempotencyOf(headers['idempotency-key'], checked);
      const created = acceptedOf(await store.createSchedule({ id: uuidv7(), owner, ...checked, idempotency }), reply);
      const { schedule } = created;
      // A replay may come from a client whose first request died right after the row was written.
      if (schedule.applied < schedule.version) await settleWritten(dependencies, schedule, request);
      if (created.outcome === 'replayed') reply.header('idempotency-replayed', 'true');
      return reply
        .code(201)
        .header('location', schedulePathOf(schedule.id))
        .send(await show(schedule));
    });

    app.patch('/schedules/:id', { schema: changeSchema, validatorCompiler: validateAllButBody }, async (request) => {
      refusePausing(request.body);
      const before = await findSchedule(store, request);
      const { name, spec, timing } = await check(merged(before, request.body), request.owner);
      await requireTemporal(dependencies);
      const changed = await store.updateSchedule(request.owner, before.id, { name, spec, timing });
      if (changed === null) throw noSuchSchedule(before.id);
      await settleWritten(dependencies, changed, request);
      return show(changed);
    });
  };
}

/** Taken without a word, it would look as if it had been done. */
function refusePausing(body: unknown): void {
  if (typeof body !== 'object' || body === null || !('paused' in body)) return;
  const message = 'a change leaves this as it is: POST to …/pause or …/resume';
  throw new HoldfastError('invalid_spec', 'Correct what "errors" lists and send the change again.', {
    faults: [{ path: 'paused', message }],
  });
}

/** A change laid over what there is. Another way to say when takes the place of the one before. */
function merged({ name, spec, timing }: ScheduleRow, body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const { cron: _cron, calendar: _calendar, ...others } = timing;
  const when = 'cron' in body || 'calendar' in body ? others : timing;
  return { name, spec, ...when, ...body };
}
