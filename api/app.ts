import Fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { createPayloadCodec } from '../orchestration/payload-codec.ts';
import { HoldfastError } from '../shared/errors.ts';
import { refuseForeignPages } from './auth/foreign-pages.ts';
import { guard, isOpen, type GuardConfig } from './auth/guard.ts';
import { createLinkSigner } from './auth/signed-links.ts';
import { allowOrigins, answerAllowedPages } from './auth/origins.ts';
import { trackAllowedMethods } from './allowed-methods.ts';
import { unfitJson } from './check-json.ts';
import type { ApiConfig } from './config.ts';
import type { ApiDependencies } from './dependencies.ts';
import { describeApi } from './openapi.ts';
import { answerBrokenRequest } from './broken-requests.ts';
import { answerError, sendProblem } from './problems.ts';
import { LOGGED } from './logged.ts';
import { servePage, type NotFoundPage } from './page.ts';
import { createPlaces } from './places.ts';
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
import { fileLinks } from './routes/file-links.ts';
import { health } from './routes/health.ts';
import { me } from './routes/me.ts';
import { runHistory } from './routes/run-history.ts';
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
import { sendSecurityHeaders } from './security-headers.ts';
import { serializeAnswer } from './serialize.ts';
import { refuseOverload } from './overload.ts';
import { endUnusedConnections } from './unused-connections.ts';
import { validateRequest } from './validation.ts';

const BODY_LIMIT = 2 ** 20;
/** How long a client may take to send a request. */
const PATIENCE = {
  headersMs: 15_000,
  bodyMs: 30_000,
  /** Of a body that takes long: a file over a slow line. */
  uploadMs: 15 * 60_000,
  /** Connections are looked at so often. */
  lookMs: 5_000,
};

export type AppConfig = GuardConfig &
  Pick<
    ApiConfig,
    | 'HOLDFAST_EVENT_STREAMS'
    | 'HOLDFAST_ORIGINS'
    | 'HOLDFAST_PAYLOAD_KEYS'
    | 'TEMPORAL_WEB_URL'
    | 'HOLDFAST_OVERLOAD_MS'
    | 'HOLDFAST_PAGE'
    | 'HOLDFAST_PAGE_URL'
    | 'SUPABASE_PUBLISHABLE_KEY'
    | 'HOLDFAST_UPLOAD_MB'
    | 'HOLDFAST_URL'
    | 'HOLDFAST_WEBHOOKS_REACH'
    | 'LOG_LEVEL'
  >;

/** For who starts the service, and for tests. */
interface AppOptions {
  /** Told of the service before it has any route. */
  watch?: (app: FastifyInstance) => void;
  patience?: typeof PATIENCE;
}

/** The HTTP service, complete but not listening. */
export async function buildApp(
  given: Omit<ApiDependencies, 'places'>,
  config: AppConfig,
  { watch, patience = PATIENCE }: AppOptions = {},
): Promise<FastifyInstance> {
  const dependencies = { ...given, places: createPlaces(given.orchestrator, config) };
  const app = Fastify({
    // Not by the logger's own writer, which ends the process when its disk is full.
    logger: { level: config.LOG_LEVEL, stream: process.stdout, serializers: LOGGED },
    // Two lines a request, by default, would bury what matters: errors are logged where they are answered.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    bodyLimit: BODY_LIMIT,
    // What has a longer id than any is not there, rather than malformed.
    routerOptions: { maxParamLength: 1_000 },
    requestTimeout: patience.uploadMs,
    http: { headersTimeout: patience.headersMs, connectionsCheckingInterval: patience.lookMs },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  });
  app.setSerializerCompiler(serializeAnswer);
  app.setValidatorCompiler(validateRequest);
  app.setErrorHandler(answerError);
  acceptJsonOnly(app);
  const unknownPath = answerUnknownPaths(app);
  endUnusedConnections(app);
  watch?.(app);
  app.addHook('onRequest', endSlowRequest(patience.bodyMs));
  app.addHook('onRequest', refuseEncodedBody);
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

  sendSecurityHeaders(app);
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
    const links = createLinkSigner(config);
    await guard(app, { ...dependencies, links }, config);
    for (const routes of [
      backtestSubmission,
      backtests,
      backtestControls,
      backtestSeries,
      backtestAnalysis,
      backtestDocuments,
      runHistory,
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
    await app.register(fileLinks(dependencies, { links, serviceUrl }));
    await app.register(shares(dependencies, { serviceUrl }));
    await app.register(events(dependencies, { streamsPerOwner }));
  };
}

/** Whoever sends a small body byte by byte would hold a connection for as long as an upload may take. */
function endSlowRequest(bodyMs: number) {
  return async ({ raw, routeOptions }: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (raw.complete || routeOptions.config.takesLong === true) return;
    const timer = setTimeout(() => {
      if (!raw.complete) raw.destroy();
    }, bodyMs);
    for (const each of [raw, reply.raw]) each.once('close', () => clearTimeout(timer));
    reply.raw.once('finish', () => clearTimeout(timer));
  };
}

/** Nothing is unpacked here: a kilobyte can hold gigabytes. */
async function refuseEncodedBody({ headers }: FastifyRequest): Promise<void> {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return;
  throw new HoldfastError('unsupported_media_type', 'Send the body as it is, without "Content-Encoding". Parquet is small by itself.');
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
  const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = request.url.split('?', 1)[0]!;
    const methods = allowedMethods(path);
    const page = methods.length === 0 ? unknown.page?.(request, reply) : null;
    if (page) return page;
    if (methods.length === 0)
      return sendProblem(reply, new HoldfastError('not_found', `There is nothing at ${path}. What there is stands at /docs/.`));
    reply.header('allow', methods.join(', '));
    return sendProblem(reply, new HoldfastError('method_not_allowed', `${path} takes ${methods.join(', ')}, not ${request.method}.`));
  };
  app.setNotFoundHandler(answer);
  // Before a body is looked at, which is no matter where nothing takes it.
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return answer(request, reply);
  });
  return unknown;
}

/** Where the page's scripts sign in. */
function signInOrigins({ SUPABASE_URL: url }: AppConfig): string[] {
  return url === undefined ? [] : [new URL(url).origin];
}
