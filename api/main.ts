import closeWithGrace from 'close-with-grace';
import { artifactPlace, openArtifacts } from '../artifacts/open-artifacts.ts';
import { bundledSources } from '../market-data/catalog.ts';
import { configuredSources } from '../market-data/sources-file.ts';
import { createOwnersMarketData } from '../market-data/uploads/owners.ts';
import { createModuleCatalog } from '../module-host/module-catalog.ts';
import { createModuleFiles } from '../module-host/module-files.ts';
import { createPayloadCodec } from '../orchestration/payload-codec.ts';
import { openResultStore } from '../results/open-store.ts';
import { explain } from '../shared/explain.ts';
import { buildApp } from './app.ts';
import { createBlocks } from './auth/blocks.ts';
import { readConfig, type ApiConfig } from './config.ts';
import { createOrchestrator } from './orchestrator.ts';
import { limitsByPlan } from '../shared/limits.ts';
import { createStrategyCatalog } from './strategy-catalog.ts';

const GRACE_MS = 10_000;

async function main(config: ApiConfig): Promise<void> {
  const store = openResultStore(config);
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
    taskQueue: config.HOLDFAST_TASK_QUEUE,
    webUrl: config.TEMPORAL_WEB_URL,
    apiUrl: config.HOLDFAST_URL,
  });
  const strategies = createStrategyCatalog(createModuleCatalog(createModuleFiles(config.HOLDFAST_MODULES)));
  const access = { blocks: createBlocks(store), limitsOf: limitsByPlan(config.HOLDFAST_PLANS) };
  const dependencies = { store, artifacts, marketData, strategies, orchestrator, workerMemoryBytes: memoryBytes, ...access };
  const app = await buildApp(dependencies, config);

  const closing = closeWithGrace({ delay: GRACE_MS, logger: app.log }, async ({ err }) => {
    if (err) app.log.fatal({ err }, 'ending after an unexpected error');
    await app.close();
    await orchestrator.close();
    store.close();
  });
  // Whoever started this process has died without a word.
  if (config.HOLDFAST_SUPERVISED === '1') process.once('disconnect', () => closing.close());

  await app.listen({ host: config.HOST, port: config.PORT });
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
