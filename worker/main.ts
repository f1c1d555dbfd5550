import { hostname, setPriority } from 'node:os';
import { Runtime } from '@temporalio/worker';
import closeWithGrace from 'close-with-grace';
import { createPayloadCodec } from '../orchestration/payload-codec.ts';
import { explain } from '../shared/explain.ts';
import { readConfig, type WorkerConfig } from './config.ts';
import { connectToTemporal } from './connect.ts';
import { createJsonLogger } from './json-logger.ts';
import type { SdkMetrics } from './monitor/sdk-metrics.ts';
import { watchWork } from './monitor/watch-work.ts';
import { ensureOwnSchedules } from './own-schedules.ts';
import { openPorts } from './ports.ts';
import { createWorkers } from './workers.ts';

/** Beyond the grace time of the steps: to close threads, files and connections. */
const CLOSING_MS = 5_000;

async function main(config: WorkerConfig): Promise<void> {
  const { HOLDFAST_TASK_QUEUE: taskQueue, HOLDFAST_SLOTS: slots, HOLDFAST_ROLE: role } = config;
  // Simulations take all the cores they get: the API and the server must stay quick beside them.
  setPriority(process.pid, config.HOLDFAST_NICENESS);
  const watch = await watchWork(config);
  const identity = `${role === 'all' ? 'worker' : role}@${hostname()}:${process.pid}`;
  installRuntime(config, identity, watch.sdk);
  const dataConverter = config.HOLDFAST_PAYLOAD_KEYS && { payloadCodecs: [createPayloadCodec(config.HOLDFAST_PAYLOAD_KEYS)] };
  const temporal = await connectToTemporal(dataConverter);
  const { ports, close } = openPorts(config, temporal);
  const workers = await createWorkers({
    ...temporal,
    role,
    interceptors: watch.interceptors,
    sinks: watch.sinks,
    dataConverter,
    taskQueue,
    buildId: config.HOLDFAST_BUILD_ID ?? null,
    slots,
    heartbeatSeconds: config.HOLDFAST_HEARTBEAT_SECONDS,
    graceSeconds: config.HOLDFAST_GRACE_SECONDS,
    identity,
    ports: watch.ports(ports),
  });
  if (role === 'all' || role === 'control') {
    await ensureOwnSchedules(temporal.client, taskQueue, {
      reconcile: config.HOLDFAST_RECONCILE_SECONDS,
      tidy: Math.round(config.HOLDFAST_TIDY_HOURS * 3_600),
    });
  }

  const running = Promise.all(workers.map((worker) => worker.run()));
  const monitor = await watch.startMonitor({ workers, temporal, results: ports.results });
  const closing = closeWithGrace({ delay: config.HOLDFAST_GRACE_SECONDS * 1_000 + CLOSING_MS }, async () => {
    for (const worker of workers) worker.shutdown();
    await running.catch(() => undefined);
    await monitor?.close();
    await close();
    await watch.close();
    await temporal.close();
  });
  // Whoever started this process has died without a word.
  if (config.HOLDFAST_SUPERVISED === '1') process.once('disconnect', () => closing.close());
  process.send?.({ type: 'ready' });
  await running;
}

function installRuntime({ LOG_LEVEL }: WorkerConfig, identity: string, sdk: SdkMetrics | null): void {
  // Signals are handled below, for all workers at once.
  Runtime.install({
    logger: createJsonLogger(LOG_LEVEL, identity),
    shutdownSignals: [],
    workerHeartbeatInterval: '10s',
    telemetryOptions: {
      logging: { forward: {}, filter: { core: 'WARN', other: 'WARN' } },
      ...(sdk && { metrics: { prometheus: { bindAddress: sdk.bindAddress, useSecondsForDurations: true, unitSuffix: true } } }),
    },
  });
}

// A line of the log that finds no room on a full disk is lost; the process must not be.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  await main(readConfig(process.env, process.argv.slice(2)));
} catch (error) {
  // A worker that stopped polling is worse than a dead one: nothing would restart it.
  process.stderr.write(`The worker cannot go on.\n${explain(error)}\n`);
  process.exit(1);
}
