import Fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { createPayloadCodec } from '../orchestration/payload-codec.ts';
import { HoldfastError } from '../shared/errors.ts';
import { refuseForeignPages } from './auth/foreign-pages.ts';
import { guard, isOpen, type GuardConfig } from './auth/guard.ts';
import { allowOrigins, answerAllowedPages } from './auth/origins.ts';
import { trackAllowedMethods } from './allowed-methods.ts';
import { unfitJson } from './check-json.ts';
import type { ApiConfig } from './config.ts';
import type { ApiDependencies } from './dependencies.ts';
import { describeApi } from './openapi.ts';
import { answerError, sendProblem } from './problems.ts';
import { LOGGED } from './logged.ts';
import { servePage, type NotFoundPage } from './page.ts';
import { requestId } from './request-id.ts';
import { adminBlocks } from './routes/admin-blocks.ts';
import { adminRuns } from './routes/admin-runs.ts';
import { backtestAnalysis } from './routes/backtest-analysis.ts';
import { backtestControls } from './routes/backtest-controls.ts';
import { backtestDocuments } from './routes/backtest-documents.ts';
import { backtestSeries } from './routes/backtest-series.ts';
import { backtestSubmission } from './routes/backtest-submission.ts';
import { backtestVerification } from './routes/backtest-verification.ts';
import { backtests } from './routes/backtests.ts';
import { batchControls } from './routes/batch-controls.ts';
import { batches } from './routes/batches.ts';
import { codecEndpoint } from './routes/codec.ts';
import { datasetUploads } from './routes/dataset-uploads.ts';
import { datasets } from './routes/datasets.ts';
import { eventTickets } from './routes/event-tickets.ts';
import { events } from './routes/events.ts';
import { health } from './routes/health.ts';
import { me } from './routes/me.ts';
import { rules } from './routes/rules.ts';
import { scheduleControls } from './routes/schedule-controls.ts';
import { scheduleSubmission } from './routes/schedule-submission.ts';
import { schedules } from './routes/schedules.ts';
import { serviceConfig } from './routes/service-config.ts';
import { shares } from './routes/shares.ts';
import { strategies } from './routes/strategies.ts';
import { sweepControls } from './routes/sweep-controls.ts';
import { sweepBest } from './routes/sweep-best.ts';
import { sweepTrials } from './routes/sweep-trials.ts';
import { sweeps } from './routes/sweeps.ts';
import { createSweepTrials } from './sweep-trials.ts';
import { tokens } from './routes/tokens.ts';
import { webhookDeliveries } from './routes/webhook-deliveries.ts';
import { webhooks } from './routes/webhooks.ts';
import { refuseOverload } from './overload.ts';
import { endUnusedConnections } from './unused-connections.ts';
import { validateRequest } from './validation.ts';

const BODY_LIMIT = 2 ** 20;
const REQUEST_TIMEOUT_MS = 30_000;
/** Of a body that takes long: a file over a slow line. */
const UPLOAD_TIMEOUT_MS = 15 * 60_000;

export type AppConfig = GuardConfig &
  Pick<
    ApiConfig,
    | 'HOLDFAST_EVENT_STREAMS'
    | 'HOLDFAST_ORIGINS'
    | 'HOLDFAST_PAYLOAD_KEYS'
    | 'TEMPORAL_WEB_URL'
    | 'HOLDFAST_OVERLOAD_MS'
    | 'HOLDFAST_PAGE'
    | 'SUPABASE_PUBLISHABLE_KEY'
    | 'HOLDFAST_UPLOAD_MB'
    | 'HOLDFAST_URL'
    | 'HOLDFAST_WEBHOOKS_REACH'
    | 'LOG_LEVEL'
  >;

/** The HTTP service, complete but not listening; `watch` is told of it before it has any route. */
export async function buildApp(
  dependencies: ApiDependencies,
  config: AppConfig,
  watch?: (app: FastifyInstance) => void,
): Promise<FastifyInstance> {
  const app = Fastify({
    // Not by the logger's own writer, which ends the process when its disk is full.
    logger: { level: config.LOG_LEVEL, stream: process.stdout, serializers: LOGGED },
    // Two lines a request, by default, would bury what matters: errors are logged where they are answered.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    bodyLimit: BODY_LIMIT,
    requestTimeout: UPLOAD_TIMEOUT_MS,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  });
  app.setSerializerCompiler(serializerCompiler);
  app.setValidatorCompiler(validateRequest);
  app.setErrorHandler(answerError);
  acceptJsonOnly(app);
  const unknownPath = answerUnknownPaths(app);
  endUnusedConnections(app);
  watch?.(app);
  app.addHook('onRequest', endSlowRequest);
  app.decorateRequest('owner', '');
  app.decorateRequest('identity');
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  // Temporal Web asks for what is encrypted.
  const origins = [...config.HOLDFAST_ORIGINS, ...(config.HOLDFAST_PAYLOAD_KEYS ? [new URL(config.TEMPORAL_WEB_URL).origin] : [])];
  const isAllowed = allowOrigins(origins);
  if (origins.length > 0) await answerAllowedPages(app, isAllowed);
  // Whoever must send a secret is safe from pages of others: these have none.
  if (isOpen(config)) app.addHook('onRequest', refuseForeignPages(isAllowed));
  await refuseOverload(app, config.HOLDFAST_OVERLOAD_MS);

  await describeApi(app, { needsToken: !isOpen(config) });
  await app.register(health(dependencies));
  await app.register(serviceConfig(config));
  await app.register(v1(dependencies, config), { prefix: '/v1' });
  if (config.HOLDFAST_PAGE === 'off') app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs/'));
  else unknownPath.page = await servePage(app, { folder: config.HOLDFAST_PAGE, connect: signInOrigins(config) });
  return app;
}

function v1(dependencies: ApiDependencies, config: AppConfig) {
  const { HOLDFAST_EVENT_STREAMS: streamsPerOwner, HOLDFAST_UPLOAD_MB: uploadMb, HOLDFAST_URL: serviceUrl } = config;
  return async (app: FastifyInstance): Promise<void> => {
    await guard(app, dependencies, config);
    for (const routes of [
      backtestSubmission,
      backtests,
      backtestControls,
      backtestSeries,
      backtestAnalysis,
      backtestDocuments,
      batches,
      batchControls,
      backtestVerification,
      sweeps,
      sweepControls,
      scheduleSubmission,
      schedules,
      scheduleControls,
      strategies,
      rules,
      datasets,
      me,
      tokens,
      eventTickets,
      webhookDeliveries,
      adminRuns,
      adminBlocks,
    ])
      await app.register(routes(dependencies));
    const trialsOf = createSweepTrials(dependencies);
    for (const routes of [sweepTrials, sweepBest]) await app.register(routes(dependencies, trialsOf));
    await app.register(datasetUploads(dependencies, { uploadBytes: uploadMb * 2 ** 20 }));
    if (config.HOLDFAST_PAYLOAD_KEYS) await app.register(codecEndpoint(createPayloadCodec(config.HOLDFAST_PAYLOAD_KEYS)));
    await app.register(webhooks(dependencies, { reach: config.HOLDFAST_WEBHOOKS_REACH }));
    await app.register(shares(dependencies, { serviceUrl }));
    await app.register(events(dependencies, { streamsPerOwner }));
  };
}

/** Whoever sends a small body byte by byte would hold a connection for as long as an upload may take. */
async function endSlowRequest({ raw, routeOptions }: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (routeOptions.config.takesLong === true) return;
  const timer = setTimeout(() => {
    if (!raw.complete) raw.destroy();
  }, REQUEST_TIMEOUT_MS);
  for (const each of [raw, reply.raw]) each.once('close', () => clearTimeout(timer));
  reply.raw.once('finish', () => clearTimeout(timer));
}

function acceptJsonOnly(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    // Many clients send the header with every POST; pause, resume and cancel have no body.
    if (body === '') done(null, undefined);
    else void parseJson(request, body, (error, value) => done(error ?? unfitJson(value), value));
  });
}

/** `page` answers where a browser asks for a page that does not exist. */
function answerUnknownPaths(app: FastifyInstance): { page: NotFoundPage | null } {
  const unknown = { page: null as NotFoundPage | null };
  const allowedMethods = trackAllowedMethods(app);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0]!;
    const methods = allowedMethods(path);
    const page = methods.length === 0 ? unknown.page?.(request, reply) : null;
    if (page) return page;
    if (methods.length === 0)
      return sendProblem(reply, new HoldfastError('not_found', `There is nothing at ${path}. What there is stands at /docs/.`));
    reply.header('allow', methods.join(', '));
    return sendProblem(reply, new HoldfastError('method_not_allowed', `${path} takes ${methods.join(', ')}, not ${request.method}.`));
  });
  return unknown;
}

/** Where the page's scripts sign in. */
function signInOrigins({ SUPABASE_URL: url }: AppConfig): string[] {
  return url === undefined ? [] : [new URL(url).origin];
}
