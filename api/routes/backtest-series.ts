import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { timeRange } from '../../market-data/range.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { findRun, RunParams } from '../find-run.ts';
import { createRunSeries } from '../run-series.ts';
import { EQUITY_TABLE, LOG_TABLE, ORDER_TABLE, TRADE_TABLE, equityTable, logTable, orderTable, tradeTable } from '../series-tables.ts';
import { CurveQuery, RangeQuery } from '../series-queries.ts';
import { sendTable, tableResponse } from '../table-answer.ts';

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
      const { tags } = await series.words(run);
      const table = tradeTable(await series.trades(run), { symbols: run.spec.data.symbols, tags }, timeRange(request.query));
      return sendTable(reply, table, { format: request.query.format, name: `${run.id}-trades` });
    });

    const orders = {
      ...common,
      summary: 'Order log: every fill, and every order that was cancelled, expired or rejected, with the reason',
      description: 'from and to choose by the time of the event',
      querystring: RangeQuery,
      response: tableResponse('Events of orders', ORDER_TABLE),
    };
    app.get('/backtests/:id/orders', { schema: orders }, async (request, reply) => {
      const run = await findRun(store, request);
      const table = orderTable(await series.orders(run), run.spec.data.symbols, timeRange(request.query));
      return sendTable(reply, table, { format: request.query.format, name: `${run.id}-orders` });
    });

    const logs = {
      ...common,
      summary: 'What the strategy logged',
      querystring: RangeQuery,
      response: tableResponse('Lines of the log', LOG_TABLE),
    };
    app.get('/backtests/:id/logs', { schema: logs }, async (request, reply) => {
      const run = await findRun(store, request);
      const table = logTable(await series.words(run), timeRange(request.query));
      return sendTable(reply, table, { format: request.query.format, name: `${run.id}-logs` });
    });
  };
}
