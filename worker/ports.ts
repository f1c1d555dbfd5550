import { createThreadPools, shortThreads } from '../activities/thread-pools.ts';
import { readEngineVersion, readStrategyHash } from '../activities/versions.ts';
import { createWorkerMemory } from '../activities/worker-memory.ts';
import { artifactPlace } from '../artifacts/open-artifacts.ts';
import { createOwnersMarketData } from '../market-data/uploads/owners.ts';
import { createRunWorkflows } from '../orchestration/run-workflows.ts';
import { createTemporalSchedules } from '../orchestration/schedules.ts';
import { openResultStore } from '../results/open-store.ts';
import type { StrategySpec } from '../shared/spec.ts';
import { isBuiltIn } from '../strategies/catalog.ts';
import { limitsByPlan } from '../shared/limits.ts';
import { createSender } from '../webhooks/sender.ts';
import { openModuleSlices } from './module-processes.ts';
import { createGarbage } from './garbage.ts';
import { openArtifactStores } from './stores.ts';
import type { ThreadData } from './thread.ts';
import type { Ports } from '../activities/ports.ts';
import type { WorkerConfig } from './config.ts';
import type { TemporalLink } from './connect.ts';

/** The first slice is short, so that a run that will be interrupted has something to go on from early. */
const FIRST_SLICE_MS = 2_000;

/** Opens what activities work with, as the settings say; `close` ends the threads and processes and the connection to the rows. */
export function openPorts(config: WorkerConfig, temporal: TemporalLink): { ports: Ports; close: () => Promise<void> } {
  const { HOLDFAST_HOME: home, HOLDFAST_TASK_QUEUE: taskQueue, HOLDFAST_SLOTS: slots } = config;
  const further = { file: config.HOLDFAST_SOURCES, cacheMb: config.HOLDFAST_CACHE_MB };
  const place = artifactPlace(config, process.env);
  const { artifacts, files, sources, chunks, checkpoints, series, trialTables } = openArtifactStores(home, further, place);
  const results = openResultStore(config);
  const marketData = createOwnersMarketData({ sources, artifacts }, results);
  const threadData: ThreadData = { home, sources: further, artifacts: place };
  const threads = createThreadPools({ threadFile: new URL('./thread.ts', import.meta.url), threadData, slots });
  const jobs = slots + shortThreads(slots) + slots + 1;
  const memory = createWorkerMemory(threads, { budgetBytes: config.HOLDFAST_MEMORY_BUDGET_MB * 2 ** 20, jobs });
  const modules = openModuleSlices(config, place);
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
  const kept = { garbage: createGarbage({ results, files, checkpoints, chunks }), keepDays: config.HOLDFAST_KEEP_DAYS ?? null };
  const histories =
    config.HOLDFAST_HISTORY_MB === 0
      ? null
      : { put: (owner: string, history: Uint8Array) => artifacts.put(owner, history), mostBytes: config.HOLDFAST_HISTORY_MB * 2 ** 20 };
  const stores = { results, artifacts, marketData, checkpoints, series };
  const ports: Ports = { sweeps, ...stores, ...kept, histories, threads, memory, modules, workflows, schedules, limitsOf, webhooks, slice };
  const close = async (): Promise<void> => {
    await Promise.all([threads.close(), modules.close()]);
    results.close();
  };
  return { ports, close };
}
