import type { Worker } from '@temporalio/worker';
import type { Registry } from 'prom-client';
import { startMonitor, type Monitor, type Readiness } from '../../monitoring/monitor-server.ts';
import { watchDependencies } from '../../monitoring/watch-dependencies.ts';
import type { ResultStore } from '../../results/store.ts';
import type { WorkerConfig } from '../config.ts';
import type { TemporalLink } from '../connect.ts';
import { queuesOf } from '../roles.ts';
import { watchBacklog } from './backlog.ts';
import { createLiveness } from './liveness.ts';
import { countReports, type SdkMetrics } from './sdk-metrics.ts';

export interface WatchedParts {
  registry: Registry;
  sdk: SdkMetrics;
  workers: readonly Worker[];
  temporal: TemporalLink;
  results: Pick<ResultStore, 'check'>;
}

/** Silence is measured from one look to the next, so there must be looks even where nobody asks. */
const LOOK_MS = 5_000;

/** Serves what this worker process says of itself. It is ready while all its workers poll, what it needs answers, and it gets ahead with what waits. */
export async function startWorkerMonitor(
  config: WorkerConfig,
  { registry, sdk, workers, temporal, results }: WatchedParts,
): Promise<Monitor> {
  const lookAtDependencies = watchDependencies(registry, {
    rows: () => results.check(),
    temporal: async () => {
      await temporal.client.workflowService.getSystemInfo({});
    },
  });
  const { HOLDFAST_ROLE: role, HOLDFAST_TASK_QUEUE: prefix } = config;
  // Of a queue that no worker serves at the moment, others must tell.
  const lookAtQueues = watchBacklog(registry, temporal.client, temporal.namespace, queuesOf(role === 'control' ? 'all' : role, prefix));
  const own = new Set(queuesOf(role, prefix).map(({ queue }) => queue));
  const whyStuck = createLiveness({
    stuckSeconds: config.HOLDFAST_STUCK_SECONDS,
    reports: async () => countReports(await sdk.read()),
    backlog: async () => (await lookAtQueues()).filter(({ queue }) => own.has(queue)),
  });
  const timer = setInterval(() => void whyStuck().catch(() => undefined), LOOK_MS).unref();

  async function readiness(): Promise<Readiness> {
    const dependencies = Object.entries(await lookAtDependencies()).filter(([, { ok }]) => !ok);
    const idle = workers.filter((worker) => worker.getState() !== 'RUNNING');
    const reasons = [
      ...dependencies.map(([name, { message }]) => `${name}: ${message}`),
      ...idle.map((worker) => `The worker of the queue "${worker.options.taskQueue}" is ${worker.getState()}`),
    ];
    // What waits is known to the server only.
    if (reasons.length === 0) reasons.push(...[await whyStuck()].filter((reason) => reason !== null));
    return { status: reasons.length === 0 ? 'ready' : 'unavailable', reasons };
  }

  const { HOLDFAST_MONITOR_HOST: host, HOLDFAST_MONITOR_PORT: port = 0 } = config;
  const monitor = await startMonitor({ host, port, registry, more: () => sdk.read(), readiness });
  return {
    ...monitor,
    async close() {
      clearInterval(timer);
      await monitor.close();
    },
  };
}
