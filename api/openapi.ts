import swagger from '@fastify/swagger';
import reference from '@scalar/fastify-api-reference';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { Batch, BatchSpec } from '../shared/batch.ts';
import { SourceInfo, SymbolInfo } from '../shared/dataset.ts';
import { ERRORS } from '../shared/errors.ts';
import { DoneEvent, EquityEvent, ProgressEvent, StatusEvent } from '../shared/events.ts';
import { Metrics } from '../shared/metrics.ts';
import { Problem } from '../shared/problem.ts';
import { Manifest, Progress, Result, Run, RunSummary } from '../shared/run.ts';
import { Night, NightComparison, Schedule, ScheduleSpec } from '../shared/schedule.ts';
import { BacktestSpec } from '../shared/spec.ts';
import { StrategyInfo } from '../shared/strategy.ts';
import { Sweep, SweepResult, SweepSummary, Trial } from '../shared/sweep.ts';
import { SweepSpec } from '../shared/sweep-spec.ts';
import { securityOf, withCommonAnswers } from './common-answers.ts';
import { EXAMPLES } from './openapi-examples.ts';

/** Schemas that the document names once and refers to. */
const NAMED = {
  BacktestSpec,
  Batch,
  BatchSpec,
  Manifest,
  Metrics,
  Night,
  NightComparison,
  Problem,
  Progress,
  Result,
  Run,
  RunSummary,
  Schedule,
  ScheduleSpec,
  SourceInfo,
  StrategyInfo,
  Sweep,
  SweepResult,
  SweepSpec,
  SweepSummary,
  SymbolInfo,
  Trial,
};
const EVENTS = { StatusEvent, ProgressEvent, EquityEvent, DoneEvent };
for (const [id, schema] of Object.entries({ ...NAMED, ...EVENTS })) z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
for (const [schema, example] of EXAMPLES) z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), examples: [example] });

const DESCRIPTION = `Submit a backtest, and it finishes, whatever crashes on the way.

Times are ISO 8601 in UTC, returns and ratios are fractions (0.12 is 12 %), sizes are signed (negative is short).
Errors are problem details (RFC 9457) that list every fault of the input at once; their \`code\` is one of these:

${Object.entries(ERRORS)
  .map(([code, { status, title }]) => `- \`${code}\` (${status}): ${title}`)
  .join('\n')}`;

const TAGS = [
  { name: 'backtests', description: 'Submit, follow, steer and read runs' },
  { name: 'batches', description: 'Many backtests accepted together and steered as one' },
  { name: 'sweeps', description: 'Many backtests that differ in parameters: searched, ranked and kept' },
  { name: 'schedules', description: 'Backtests that are run again and again' },
  { name: 'catalog', description: 'What can be run, and on which bars' },
  { name: 'account', description: 'Who you are, your tokens, links and webhooks' },
  { name: 'operators', description: 'For those who run the service' },
  { name: 'service', description: 'For whatever watches over this process' },
];

const SECURITY = {
  securitySchemes: {
    token: { type: 'http', scheme: 'bearer', description: 'A session of Supabase, a token of /v1/tokens, or API_TOKEN' },
    share: { type: 'apiKey', in: 'query', name: 'share', description: 'The secret of /v1/shares: reads one run' },
    link: { type: 'apiKey', in: 'query', name: 'link', description: 'In addresses of /v1/backtests/{id}/links: reads one file' },
    ticket: { type: 'apiKey', in: 'query', name: 'ticket', description: 'Of /v1/events/ticket: opens one event stream' },
  },
} as const;

/** `/openapi.json` and `/docs/`, both made from the routes' schemas. To be called before the routes are added. */
export async function describeApi(app: FastifyInstance, options: { needsToken: boolean }): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Holdfast', version: '1', description: DESCRIPTION },
      tags: TAGS,
      ...(options.needsToken && { components: SECURITY }),
    },
    transform: ({ schema, ...input }) => {
      const route = { url: input.url, methods: [input.route.method].flat() };
      const described = { ...withCommonAnswers(schema, route), ...(options.needsToken && securityOf(route)) };
      return jsonSchemaTransform({ ...input, schema: described });
    },
    transformObject: jsonSchemaTransformObject,
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await app.register(reference, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      pageTitle: 'Holdfast API',
      // Each of these would call, or lead to, a host of the page's makers.
      telemetry: false,
      withDefaultFonts: false,
      hideClientButton: true,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
}
