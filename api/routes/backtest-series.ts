import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { timeRange } from '../../market-data/range.ts';
import { Moment } from '../../shared/spec.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { findRun, RunParams } from '../find-run.ts';
import { problems } from '../problems.ts';
import { createRunSeries } from '../run-series.ts';
import { EQUITY_TABLE, TRADE_TABLE, equityTable, tradeTable } from '../series-tables.ts';
import { columnarJsonStream, csvStream, type Table } from '../stream-table.ts';

const Format = z.enum(['json', 'csv']).default('json');
const RangeQuery = z.strictObject({ format: Format, from: Moment.optional(), to: Moment.optional() });
const CurveQuery = RangeQuery.extend({
  points: z.coerce.number().int().min(4).max(10_000).optional().describe('At most so many points; peaks and falls are kept'),
});

/** The series of a run, also while it runs and for cancelled and failed runs: then up to the last checkpoint. */
export function backtestSeries({ store, artifacts }: ApiDependencies) {
  const series = createRunSeries(artifacts);

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const common = { tags: ['backtests'], params: RunParams };

    const equity = {
      ...common,
      summary: 'Equity curve',
      querystring: CurveQuery,
      response: tableResponse('Points of the curve', EQUITY_TABLE),
    };
    app.get('/backtests/:id/equity', { schema: equity }, async (request, reply) => {
      const run = await findRun(store, request);
      const curve = await series.curve(run, { ...timeRange(request.query), points: request.query.points });
      return sendTable(reply, equityTable(curve), { format: request.query.format, name: `${run.id}-equity` });
    });

    const trades = {
      ...common,
      summary: 'Trades',
      description: 'from and to choose by the time of entry',
      querystring: RangeQuery,
      response: tableResponse('Closed trades', TRADE_TABLE),
    };
    app.get('/backtests/:id/trades', { schema: trades }, async (request, reply) => {
      const run = await findRun(store, request);
      const table = tradeTable(await series.trades(run), run.spec.data.symbols, timeRange(request.query));
      return sendTable(reply, table, { format: request.query.format, name: `${run.id}-trades` });
    });
  };
}

function tableResponse(description: string, names: readonly string[]) {
  const cell = z.union([z.number(), z.string(), z.null()]);
  const json = z.object({ columns: z.object(Object.fromEntries(names.map((name) => [name, z.array(cell)]))), rows: z.int() });
  const content = { 'application/json': { schema: json }, 'text/csv': { schema: z.string() } };
  return { 200: { description, content }, ...problems(404, 422) };
}

/** Streamed, past the schema: checking millions of cells would hold up every other request. */
function sendTable(reply: FastifyReply, table: Table, { format, name }: { format: 'json' | 'csv'; name: string }): FastifyReply {
  reply.header('cache-control', 'no-cache');
  if (format === 'json') return reply.type('application/json; charset=utf-8').send(columnarJsonStream(table));
  return reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${name}.csv"`).send(csvStream(table));
}
