import { constants, hostname, setPriority } from 'node:os';
import { DefaultLogger, Runtime, type LogLevel } from '@temporalio/worker';
import closeWithGrace from 'close-with-grace';
import { createPayloadCodec } from '../orchestration/payload-codec.ts';
import { explain } from '../shared/explain.ts';
import { readConfig, type WorkerConfig } from './config.ts';
import { connectToTemporal } from './connect.ts';
import { ensureOwnSchedules } from './own-schedules.ts';
import { openPorts } from './ports.ts';
import { createWorkers } from './workers.ts';

/** Beyond the grace time of the steps: to close threads, files and connections. */
const CLOSING_MS = 5_000;

async function main(config: WorkerConfig): Promise<void> {
  const { HOLDFAST_TASK_QUEUE: taskQueue, HOLDFAST_SLOTS: slots } = config;
  // Simulations take all the cores they get: the API and the server must stay quick beside them.
  setPriority(process.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  installRuntime(config);
  const dataConverter = config.HOLDFAST_PAYLOAD_KEYS && { payloadCodecs: [createPayloadCodec(config.HOLDFAST_PAYLOAD_KEYS)] };
  const temporal = await connectToTemporal(dataConverter);
  const { ports, close } = openPorts(config, temporal);
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
    await close();
    await temporal.close();
  });
  // Whoever started this process has died without a word.
  if (config.HOLDFAST_SUPERVISED === '1') process.once('disconnect', () => closing.close());
  process.send?.({ type: 'ready' });
  await running;
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
