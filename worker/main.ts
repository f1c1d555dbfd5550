import { constants, hostname, setPriority } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, Runtime, type LogLevel } from '@temporalio/worker';
import closeWithGrace from 'close-with-grace';
import { createDatasetCache } from '../activities/datasets.ts';
import { createThreadPools } from '../activities/thread-pools.ts';
import { createRunWorkflows } from '../orchestration/run-workflows.ts';
import { createSqliteStore } from '../results/sqlite.ts';
import { readConfig } from './config.ts';
import { connectToTemporal } from './connect.ts';
import { ensureReconcileSchedule } from './reconcile-schedule.ts';
import { openArtifactStores } from './stores.ts';
import type { ThreadData } from './thread.ts';
import { createWorkers } from './workers.ts';

const config = readConfig(process.env);

// Simulations take all the cores they get: the API and the server must stay quick beside them.
setPriority(process.pid, constants.priority.PRIORITY_BELOW_NORMAL);
Runtime.install({
  logger: new DefaultLogger(config.LOG_LEVEL.toUpperCase() as LogLevel),
  shutdownSignals: [],
  workerHeartbeatInterval: '10s',
});

const temporal = await connectToTemporal();
const stores = openArtifactStores(config.HOLDFAST_HOME);
const results = createSqliteStore({ file: join(config.HOLDFAST_HOME, 'rows.sqlite'), sync: config.HOLDFAST_SYNC });
const threadData: ThreadData = { home: config.HOLDFAST_HOME };
const threads = createThreadPools({ threadFile: new URL('./thread.ts', import.meta.url), threadData, slots: config.HOLDFAST_SLOTS });
const laterMs = config.HOLDFAST_SLICE_SECONDS * 1_000;
const workers = await createWorkers({
  ...temporal,
  taskQueue: config.HOLDFAST_TASK_QUEUE,
  slots: config.HOLDFAST_SLOTS,
  identity: `worker@${hostname()}:${process.pid}`,
  ports: {
    results,
    marketData: stores.marketData,
    checkpoints: stores.checkpoints,
    threads,
    datasets: createDatasetCache(threads, config.HOLDFAST_DATASET_MEMORY_MB * 2 ** 20),
    workflows: createRunWorkflows(temporal.client, config.HOLDFAST_TASK_QUEUE),
    slice: { firstMs: Math.min(2_000, laterMs), laterMs },
  },
});
await ensureReconcileSchedule(temporal.client, config.HOLDFAST_TASK_QUEUE, config.HOLDFAST_RECONCILE_SECONDS);

const running = Promise.all(workers.map((worker) => worker.run()));
const stop = closeWithGrace({ delay: 30_000 }, async () => {
  for (const worker of workers) worker.shutdown();
  await running.catch(() => undefined);
  await threads.close();
  results.close();
  await temporal.close();
});
if (config.HOLDFAST_SUPERVISED === '1') process.on('disconnect', () => stop.close());
// A worker that stopped polling is worse than a dead one: nothing would restart it.
running.catch((error: unknown) => {
  process.stderr.write(`worker ended: ${String(error)}\n`);
  process.exit(1);
});
process.send?.({ type: 'ready' });
