import type { WorkflowClientInterceptor } from '@temporalio/client';
import closeWithGrace from 'close-with-grace';
import type { Registry } from 'prom-client';
import { artifactPlace, openArtifacts } from '../artifacts/open-artifacts.ts';
import { bundledSources } from '../market-data/catalog.ts';
import { configuredSources } from '../market-data/sources-file.ts';
import { createOwnersMarketData } from '../market-data/uploads/owners.ts';
import { createModuleCatalog } from '../module-host/module-catalog.ts';
import { createModuleFiles } from '../module-host/module-files.ts';
import { startMonitor, type Monitor, type Readiness } from '../monitoring/monitor-server.ts';
import { createRegistry } from '../monitoring/registry.ts';
import { startTracing } from '../monitoring/start-tracing.ts';
import { traceCalls } from '../monitoring/tracing.ts';
import { watchDependencies } from '../monitoring/watch-dependencies.ts';
import { createPayloadCodec } from '../orchestration/payload-codec.ts';
import { openResultStore } from '../results/open-store.ts';
import { explain } from '../shared/explain.ts';
import { buildApp } from './app.ts';
import { createBlocks } from './auth/blocks.ts';
import { readConfig, type ApiConfig } from './config.ts';
import type { ApiDependencies } from './dependencies.ts';
import { measureRequests } from './http-metrics.ts';
import { createOrchestrator } from './orchestrator.ts';
import { limitsByPlan } from '../shared/limits.ts';
import { traceRequests } from './trace-requests.ts';
import { createStrategyCatalog } from './strategy-catalog.ts';

const GRACE_MS = 10_000;

async function main(config: ApiConfig): Promise<void> {
  const tracing = await startTracing('api', config.HOLDFAST_TRACES_URL);
  const rows = openResultStore(config);
  const store = tracing ? traceCalls(tracing.tracer, 'rows', rows) : rows;
  const { artifacts } = openArtifacts(config.HOLDFAST_HOME, artifactPlace(config, process.env));
  const memoryBytes = config.HOLDFAST_MEMORY_BUDGET_MB * 2 ** 20;
  const sources = [
    ...bundledSources(),
    ...configuredSources(config.HOLDFAST_SOURCES, { home: config.HOLDFAST_HOME, cacheMb: config.HOLDFAST_CACHE_MB }),
  ];
  const marketData = createOwnersMarketData({ sources, artifacts, memoryBytes }, store);
  const codec = config.HOLDFAST_PAYLOAD_KEYS && createPayloadCodec(config.HOLDFAST_PAYLOAD_KEYS);
  const orchestrator = createOrchestrator({
    codec,
    interceptors: tracing ? await tracedStarts() : [],
    taskQueue: config.HOLDFAST_TASK_QUEUE,
    webUrl: config.TEMPORAL_WEB_URL,
    apiUrl: config.HOLDFAST_URL,
  });
  const strategies = createStrategyCatalog(createModuleCatalog(createModuleFiles(config.HOLDFAST_MODULES)));
  const access = { blocks: createBlocks(store), limitsOf: limitsByPlan(config.HOLDFAST_PLANS) };
  const dependencies = { store, artifacts, marketData, strategies, orchestrator, workerMemoryBytes: memoryBytes, ...access };
  const registry = createRegistry('api');
  const app = await buildApp(dependencies, config, {
    watch(plain) {
      if (tracing) traceRequests(plain, tracing.tracer);
      measureRequests(plain, registry);
    },
  });
  const monitor = await monitorOf(config, registry, dependencies);

  const closing = closeWithGrace({ delay: GRACE_MS, logger: app.log }, async ({ err }) => {
    if (err) app.log.fatal({ err }, 'ending after an unexpected error');
    await app.close();
    await monitor?.close();
    await orchestrator.close();
    store.close();
    await tracing?.close();
  });
  // Whoever started this process has died without a word.
  if (config.HOLDFAST_SUPERVISED === '1') process.once('disconnect', () => closing.close());

  await app.listen({ host: config.HOST, port: config.PORT });
}

/** Workflows take the trace of their request along. */
async function tracedStarts(): Promise<WorkflowClientInterceptor[]> {
  const { OpenTelemetryWorkflowClientInterceptor } = await import('@temporalio/interceptors-opentelemetry/lib/client/index.js');
  return [new OpenTelemetryWorkflowClientInterceptor()];
}

/** Null where nobody asked for it. */
async function monitorOf(
  config: ApiConfig,
  registry: Registry,
  { store, artifacts, orchestrator }: Pick<ApiDependencies, 'store' | 'artifacts' | 'orchestrator'>,
): Promise<Monitor | null> {
  const { HOLDFAST_MONITOR_PORT: port, HOLDFAST_MONITOR_HOST: host } = config;
  if (port === undefined) return null;
  const checks = { rows: () => store.check(), artifacts: () => artifacts.check(), temporal: () => orchestrator.check() };
  const look = watchDependencies(registry, checks);
  async function readiness(): Promise<Readiness> {
    const reasons = Object.entries(await look()).flatMap(([name, { ok, message }]) => (ok ? [] : [`${name}: ${message}`]));
    return { status: reasons.length === 0 ? 'ready' : 'unavailable', reasons };
  }
  return startMonitor({ host, port, registry, readiness });
}

const PORT_IN_USE = 'The port is in use. End what uses it, or set PORT to another one.';

// A line of the log that finds no room on a full disk is lost; the process must not be.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  await main(readConfig(process.env));
} catch (error) {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  process.stderr.write(`The API cannot start.\n${inUse ? PORT_IN_USE : explain(error)}\n`);
  process.exit(1);
}
