import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { createSeriesStore } from '../../artifacts/results.ts';
import { timeRange } from '../../market-data/range.ts';
import { AnalysisTables } from '../../shared/tables.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { isUnchanged } from '../entity-tag.ts';
import { findRun, resultOf, RunParams } from '../find-run.ts';
import { problems } from '../problems.ts';
import { createRunIndicators } from '../run-indicators.ts';
import { createRunSeries } from '../run-series.ts';
import { CurveQuery } from '../series-queries.ts';
import { sendTable, tableResponse } from '../table-answer.ts';

const IndicatorsQuery = CurveQuery.extend({ symbol: z.string().optional().describe('One that the run trades; left out: its first') });

const tags = ['backtests'];

/** What a run looked like: the tables of its report as JSON, and what its strategy saw. */
export function backtestAnalysis({ store, artifacts }: ApiDependencies) {
  const series = createSeriesStore(artifacts);
  const runSeries = createRunSeries(artifacts);
  const runIndicators = createRunIndicators(artifacts, runSeries);

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const unchanged = { 304: z.undefined().describe('What the client has (If-None-Match) is still so') };

    const tables = {
      tags,
      params: RunParams,
      summary: 'Returns by month and year, drawdowns, rolling Sharpe ratio, histogram and trades as points',
      response: { 200: AnalysisTables, ...unchanged, ...problems(404, 409) },
    };
    app.get('/backtests/:id/tables', { schema: tables }, async (request, reply) => {
      const run = await findRun(store, request);
      const result = resultOf(run);
      return isUnchanged(request, reply, result.tables.sha256) ? reply.send(undefined) : series.readTables(result.tables);
    });

    const indicators = {
      tags,
      params: RunParams,
      summary: 'Bars of a symbol, and beside them what the strategy looked at and what it plotted',
      querystring: IndicatorsQuery,
      response: { ...tableResponse('A column for each price and each indicator'), ...problems(404, 409, 422) },
    };
    app.get('/backtests/:id/indicators', { schema: indicators }, async (request, reply) => {
      const run = await findRun(store, request);
      const { format, symbol, points } = request.query;
      const table = await runIndicators(run, { symbol, points, ...timeRange(request.query) });
      return sendTable(reply, table, { format, name: `${run.id}-indicators` });
    });
  };
}
