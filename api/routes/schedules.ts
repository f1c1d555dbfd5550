import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { Night, Schedule } from '../../shared/schedule.ts';
import { isSweep } from '../../shared/sweep-spec.ts';
import { encodeCursor } from '../cursor.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { findSchedule, noSuchSchedule } from '../find-schedule.ts';
import { RunParams } from '../find-run.ts';
import { PageQuery, pageOf } from '../page-query.ts';
import { problems } from '../problems.ts';
import { toNight } from '../schedule-resource.ts';
import { settleWritten } from '../settle-schedule.ts';
import { showSchedules } from '../show-schedules.ts';

const tags = ['schedules'];
const one = { tags, params: RunParams };

/** Schedules as they were accepted: list, read, delete, and what came of them. */
export function schedules(dependencies: ApiDependencies) {
  const { store, places } = dependencies;
  const show = showSchedules(dependencies);

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    const list = {
      tags,
      summary: 'List schedules, newest first',
      querystring: PageQuery,
      response: { 200: pageOf(Schedule), ...problems(422) },
    };
    app.get('/schedules', { schema: list }, async ({ owner, query: { limit, cursor } }) => {
      const rows = await store.listSchedules(owner, { limit: limit + 1, ...(cursor && { after: cursor }) });
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return { items: await Promise.all(page.map(show)), nextCursor: last ? encodeCursor(last) : null };
    });

    const get = { ...one, summary: 'One schedule, with its next times', response: { 200: Schedule, ...problems(404) } };
    app.get('/schedules/:id', { schema: get }, async (request) => show(await findSchedule(store, request)));

    const remove = {
      ...one,
      summary: 'Delete a schedule',
      description: 'Its runs stay, also one that is running.',
      response: { 204: z.undefined(), ...problems(404) },
    };
    app.delete('/schedules/:id', { schema: remove }, async (request, reply) => {
      const removed = await store.removeSchedule(request.owner, request.params.id);
      if (removed === null) throw noSuchSchedule(request.params.id);
      await settleWritten(dependencies, removed, request);
      return reply.code(204).send();
    });

    const nights = {
      ...one,
      summary: 'What came of it, latest first',
      querystring: PageQuery,
      response: { 200: pageOf(Night), ...problems(404, 422) },
    };
    app.get('/schedules/:id/runs', { schema: nights }, async (request) => {
      const { limit, cursor } = request.query;
      const { id, spec } = await findSchedule(store, request);
      const kind = isSweep(spec) ? 'sweep' : 'backtest';
      const after = cursor && { nominalAt: cursor.createdAt, launch: cursor.id };
      const rows = await store.nights(request.owner, id, { limit: limit + 1, ...(after && { after }) });
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      const items = page.map((night) => toNight(night, kind, places));
      return { items, nextCursor: last ? encodeCursor({ createdAt: last.nominalAt, id: last.launch }) : null };
    });
  };
}
