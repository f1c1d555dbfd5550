import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { createSeriesStore } from '../../artifacts/results.ts';
import type { FullRunRow } from '../../results/runs.ts';
import type { StoredResult } from '../../shared/run.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { isUnchanged } from '../entity-tag.ts';
import { findRun, resultOf, RunParams } from '../find-run.ts';
import { problems } from '../problems.ts';
import { renderReport, REPORT_POLICY } from '../report/report.ts';
import { createRunBundle } from '../run-bundle.ts';
import { createRunSeries } from '../run-series.ts';

const tags = ['backtests'];
/** Points of a chart in the report: more than a page has pixels across. */
const CHART_POINTS = 2_000;
/** Orders that the report looks through: 100 MB. */
const MOST_ORDERS = 1_000_000;

/** A run to be kept and passed on: all of it as one page, and as one zip. */
export function backtestDocuments({ store, artifacts }: ApiDependencies) {
  const series = createSeriesStore(artifacts);
  const runSeries = createRunSeries(artifacts);
  const runBundle = createRunBundle(artifacts, runSeries);

  async function reportOf(run: FullRunRow, result: StoredResult): Promise<string> {
    const wanted = { start: -Infinity, end: Infinity, points: CHART_POINTS };
    const [analysis, curve, orders] = await Promise.all([
      series.readTables(result.tables),
      runSeries.curve(run, wanted),
      result.orders.rows > MOST_ORDERS ? null : runSeries.orders(run),
    ]);
    return renderReport({ run, result, tables: analysis, curve, orders });
  }

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const unchanged = { 304: z.undefined().describe('What the client has (If-None-Match) is still so') };

    const report = {
      tags,
      params: RunParams,
      summary: 'Tear sheet: one HTML file that needs no other',
      response: {
        200: { description: 'The report', content: { 'text/html': { schema: z.string() } } },
        ...unchanged,
        ...problems(404, 409),
      },
    };
    app.get('/backtests/:id/report', { schema: report }, async (request, reply) => {
      const run = await findRun(store, request);
      const result = resultOf(run);
      if (isUnchanged(request, reply, run.version)) return reply.send(undefined);
      const page = await reportOf(run, result);
      return reply.type('text/html; charset=utf-8').header('content-security-policy', REPORT_POLICY).send(page);
    });

    const bundle = {
      tags,
      params: RunParams,
      summary: 'Everything in one zip: spec, manifest, metrics, report, and every series as CSV and Parquet',
      response: {
        200: { description: 'The zip', content: { 'application/zip': { schema: z.string().meta({ format: 'binary' }) } } },
        ...problems(404, 409),
      },
    };
    app.get('/backtests/:id/bundle', { schema: bundle }, async (request, reply) => {
      const run = await findRun(store, request);
      const result = resultOf(run);
      const zip = await runBundle(run, result, await reportOf(run, result));
      const download: FastifyReply = reply; // streamed, past the schema
      download.header('content-disposition', `attachment; filename="holdfast-${run.id}.zip"`).header('cache-control', 'no-cache');
      return download.type('application/zip').send(zip);
    });
  };
}
