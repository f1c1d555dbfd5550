import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { HoldfastError } from '../../shared/errors.ts';
import { METRICS, type MetricName } from '../../shared/metrics.ts';
import { Trial } from '../../shared/sweep.ts';
import { heatmapOf } from '../../strategies/sweep/heatmap.ts';
import { trialAt } from '../../strategies/sweep/ranked-trials.ts';
import { trialColumns } from '../../strategies/sweep/trial-columns.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { RunParams } from '../find-run.ts';
import { findSweep } from '../find-sweep.ts';
import { problems } from '../problems.ts';
import type { SweepTrials, TrialsOfSweep } from '../sweep-trials.ts';
import { anyFormat, sendTable } from '../table-answer.ts';
import { TrialQuery, pageOf, tableOf } from '../trial-query.ts';

const tags = ['sweeps'];
const one = { tags, params: RunParams };

const TrialList = z.object({
  items: z.array(Trial),
  total: z.int().describe('Trials that are done and pass the filter'),
  nextCursor: z.string().nullable().describe('Null on the last page'),
});

const Cells = z.array(z.array(z.number().nullable())).describe('By y, then by x; null where there is no trial with a value');
const Side = z.object({
  param: z.string(),
  values: z.array(z.union([z.number(), z.string()])),
  isRange: z.boolean().describe('Whether each value is the lower end of a range'),
});
const HeatmapData = z.object({
  metric: z.string(),
  x: Side,
  y: Side,
  mean: Cells,
  best: Cells,
  trials: z.array(z.array(z.int())).describe('Trials of each cell'),
});
const HeatmapQuery = z.strictObject({
  x: z.string().max(64),
  y: z.string().max(64),
  metric: z.enum(['objective', ...Object.keys(METRICS)] as ['objective', ...MetricName[]]).default('objective'),
});

/** The trials of a sweep, also while it runs: as a table and as a map. */
export function sweepTrials({ store }: ApiDependencies, trialsOf: TrialsOfSweep) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    const list = {
      ...one,
      summary: 'Its trials, the best first',
      description: 'As JSON a page; as csv, arrow or parquet all that pass the filter',
      querystring: TrialQuery,
      response: anyFormat('A page of trials; all of them as a file', TrialList),
    };
    app.get('/sweeps/:id/trials', { schema: list }, async (request, reply) => {
      const sweep = await findSweep(store, request);
      const { plan, trials } = await trialsOf(sweep);
      const columns = trialColumns(plan, trials);
      const { rows, ...page } = pageOf(columns, request.query);
      const { format } = request.query;
      if (format === 'json') return { items: rows.map((row) => trialAt(plan, trials, row)), ...page };
      return sendTable(reply, tableOf(columns, rows), { format, name: `${sweep.id}-trials` }) as never;
    });

    const heatmap = {
      ...one,
      summary: 'A figure by two parameters',
      querystring: HeatmapQuery,
      response: { 200: HeatmapData, ...problems(404, 422) },
    };
    app.get('/sweeps/:id/heatmap', { schema: heatmap }, async (request) => {
      const sweep = await findSweep(store, request);
      const { plan, trials } = await trialsOf(sweep);
      refuseUnknown(request.query, { plan, trials });
      const { metric } = request.query;
      const lower = metric === 'objective' ? sweep.spec.objective.direction === 'min' : METRICS[metric].better === 'lower';
      return { metric, ...heatmapOf(plan, trials, { ...request.query, lower }) };
    });
  };
}

function refuseUnknown({ x, y, metric }: z.infer<typeof HeatmapQuery>, { plan, trials }: SweepTrials): void {
  const names = plan.axes.map(({ name }) => name);
  const faults = [
    ...[['x', x] as const, ['y', y] as const]
      .filter(([, name]) => !names.includes(name))
      .map(([path]) => ({ path, message: `must be one of ${names.join(', ')}` })),
    ...(metric === 'objective' || trials.figures[metric] !== undefined
      ? []
      : [{ path: 'metric', message: `this sweep has objective, ${Object.keys(trials.figures).join(', ')}` }]),
  ];
  if (faults.length > 0) throw new HoldfastError('invalid_request', 'Correct what "errors" lists and send the request again.', { faults });
}
