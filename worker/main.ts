import { constants, hostname, setPriority } from 'node:os';
import { DefaultLogger, Runtime, type LogLevel } from '@temporalio/worker';
import closeWithGrace from 'close-with-grace';
import { createThreadPools, shortThreads } from '../activities/thread-pools.ts';
import { readEngineVersion, readStrategyHash } from '../activities/versions.ts';
import { createWorkerMemory } from '../activities/worker-memory.ts';
import { artifactPlace } from '../artifacts/open-artifacts.ts';
import { createOwnersMarketData } from '../market-data/uploads/owners.ts';
import { createPayloadCodec } from '../orchestration/payload-codec.ts';
import { createRunWorkflows } from '../orchestration/run-workflows.ts';
import { createTemporalSchedules } from '../orchestration/schedules.ts';
import { openResultStore } from '../results/open-store.ts';
import { explain } from '../shared/explain.ts';
import type { StrategySpec } from '../shared/spec.ts';
import { isBuiltIn } from '../strategies/catalog.ts';
import { limitsByPlan } from '../shared/limits.ts';
import { createSender } from '../webhooks/sender.ts';
import { readConfig, type WorkerConfig } from './config.ts';
import { connectToTemporal } from './connect.ts';
import { openModuleSlices } from './module-processes.ts';
import { createGarbage } from './garbage.ts';
import { ensureOwnSchedules } from './own-schedules.ts';
import { openArtifactStores } from './stores.ts';
import type { ThreadData } from './thread.ts';
import { createWorkers } from './workers.ts';

/** Beyond the grace time of the steps: to close threads, files and connections. */
const CLOSING_MS = 5_000;
/** The first slice is short, so that a run that will be interrupted has something to go on from early. */
const FIRST_SLICE_MS = 2_000;

async function main(config: WorkerConfig): Promise<void> {
  const { HOLDFAST_TASK_QUEUE: taskQueue, HOLDFAST_SLOTS: slots } = config;
  // Simulations take all the cores they get: the API and the server must stay quick beside them.
  setPriority(process.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  installRuntime(config);
  const dataConverter = config.HOLDFAST_PAYLOAD_KEYS && { payloadCodecs: [createPayloadCodec(config.HOLDFAST_PAYLOAD_KEYS)] };
  const temporal = await connectToTemporal(dataConverter);
  const { stores, kept, trialTables, threadData } = openStores(config);
  const threads = createThreadPools({ threadFile: new URL('./thread.ts', import.meta.url), threadData, slots });
  const jobs = slots + shortThreads(slots) + slots + 1;
  const memory = createWorkerMemory(threads, { budgetBytes: config.HOLDFAST_MEMORY_BUDGET_MB * 2 ** 20, jobs });
  const modules = openModuleSlices(config, threadData.artifacts);
  const service = { taskQueue, apiUrl: config.HOLDFAST_URL };
  const workflows = createRunWorkflows(temporal.client, service);
  const schedules = createTemporalSchedules(temporal.client, service);
  const laterMs = config.HOLDFAST_SLICE_SECONDS * 1_000;
  const slice = { firstMs: Math.min(FIRST_SLICE_MS, laterMs), laterMs, mostSeconds: config.HOLDFAST_RUN_HOURS * 3_600 };
  const sweeps = {
    shards: config.HOLDFAST_SWEEP_SHARDS ?? slots,
    strategyHash: ({ name }: StrategySpec) => (isBuiltIn(name) ? readStrategyHash(name) : modules.hashOf(name)),
    engineVersion: readEngineVersion(),
    trialTables,
  };
  const webhooks = {
    send: createSender({ reach: config.HOLDFAST_WEBHOOKS_REACH }),
    linkTo: (path: string) => `${config.HOLDFAST_URL}${path}`,
  };
  const limitsOf = limitsByPlan(config.HOLDFAST_PLANS);
  const ports = { sweeps, ...stores, ...kept, threads, memory, modules, workflows, schedules, limitsOf, webhooks, slice };
  const identity = `worker@${hostname()}:${process.pid}`;
  const workers = await createWorkers({
    ...temporal,
    dataConverter,
    taskQueue,
    slots,
    heartbeatSeconds: config.HOLDFAST_HEARTBEAT_SECONDS,
    graceSeconds: config.HOLDFAST_GRACE_SECONDS,
    identity,
    ports,
  });
  await ensureOwnSchedules(temporal.client, taskQueue, {
    reconcile: config.HOLDFAST_RECONCILE_SECONDS,
    tidy: Math.round(config.HOLDFAST_TIDY_HOURS * 3_600),
  });

  const running = Promise.all(workers.map((worker) => worker.run()));
  const closing = closeWithGrace({ delay: config.HOLDFAST_GRACE_SECONDS * 1_000 + CLOSING_MS }, async () => {
    for (const worker of workers) worker.shutdown();
    await running.catch(() => undefined);
    await Promise.all([threads.close(), modules.close()]);
    stores.results.close();
    await temporal.close();
  });
  // Whoever started this process has died without a word.
  if (config.HOLDFAST_SUPERVISED === '1') process.once('disconnect', () => closing.close());
  process.send?.({ type: 'ready' });
  await running;
}

/** Rows and files, what becomes of them in time, and what threads are told to open theirs. */
function openStores(config: WorkerConfig) {
  const home = config.HOLDFAST_HOME;
  const further = { file: config.HOLDFAST_SOURCES, cacheMb: config.HOLDFAST_CACHE_MB };
  const place = artifactPlace(config, process.env);
  const { artifacts, files, sources, chunks, checkpoints, series, trialTables } = openArtifactStores(home, further, place);
  const results = openResultStore(config);
  const marketData = createOwnersMarketData({ sources, artifacts }, results);
  const threadData: ThreadData = { home, sources: further, artifacts: place };
  const kept = { garbage: createGarbage({ results, files, checkpoints, chunks }), keepDays: config.HOLDFAST_KEEP_DAYS ?? null };
  return { stores: { results, artifacts, marketData, checkpoints, series }, kept, trialTables, threadData };
}

function installRuntime({ LOG_LEVEL }: WorkerConfig): void {
  const level = (LOG_LEVEL === 'silent' ? 'error' : LOG_LEVEL).toUpperCase() as LogLevel;
  // Signals are handled below, for all workers at once.
  Runtime.install({ logger: new DefaultLogger(level), shutdownSignals: [], workerHeartbeatInterval: '10s' });
}

// A line of the log that finds no room on a full disk is lost; the process must not be.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  await main(readConfig(process.env));
} catch (error) {
  // A worker that stopped polling is worse than a dead one: nothing would restart it.
  process.stderr.write(`The worker cannot go on.\n${explain(error)}\n`);
  process.exit(1);
}
