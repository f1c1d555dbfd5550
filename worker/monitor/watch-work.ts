import type { ActivityInterceptorsFactory, WorkerOptions } from '@temporalio/worker';
import type { Ports } from '../../activities/ports.ts';
import type { Monitor } from '../../monitoring/monitor-server.ts';
import { createRegistry } from '../../monitoring/registry.ts';
import { startTracing } from '../../monitoring/start-tracing.ts';
import type { WorkerConfig } from '../config.ts';
import { measurePorts } from './measured-ports.ts';
import { openSdkMetrics, type SdkMetrics } from './sdk-metrics.ts';
import { startWorkerMonitor, type WatchedParts } from './start-monitor.ts';
import { measureWork } from './work-metrics.ts';

/** What looks at a worker process while it works: metrics where it has a port for them, traces where there is a collector, and else nothing. */
export interface Watch {
  readonly sdk: SdkMetrics | null;
  /** They see each attempt of a step. */
  readonly interceptors: ActivityInterceptorsFactory[];
  /** Where spans of workflows go; null without tracing. */
  readonly sinks: NonNullable<WorkerOptions['sinks']> | null;
  ports(ports: Ports): Ports;
  startMonitor(parts: Omit<WatchedParts, 'registry' | 'sdk'>): Promise<Monitor | null>;
  close(): Promise<void>;
}

export async function watchWork(config: WorkerConfig): Promise<Watch> {
  const sdk = config.HOLDFAST_MONITOR_PORT === undefined ? null : await openSdkMetrics();
  const registry = createRegistry(`worker-${config.HOLDFAST_ROLE}`);
  const traces = await traceWork(config.HOLDFAST_TRACES_URL);
  return {
    sdk,
    interceptors: [...(sdk ? [measureWork(registry)] : []), ...(traces ? [traces.steps] : [])],
    sinks: traces && traces.sinks,
    ports(ports) {
      const measured = sdk ? measurePorts(ports, registry) : ports;
      return traces ? traces.ports(measured) : measured;
    },
    startMonitor: async (parts) => sdk && startWorkerMonitor(config, { registry, sdk, ...parts }),
    close: async () => traces?.close(),
  };
}

/** Its libraries take time to load, which nobody else spends. */
async function traceWork(url: string | undefined) {
  const tracing = await startTracing('worker', url);
  if (tracing === null) return null;
  const { tracePorts, traceSteps, workflowSpans } = await import('./trace-work.ts');
  return {
    steps: traceSteps(tracing),
    sinks: workflowSpans(tracing),
    ports: (ports: Ports) => tracePorts(tracing, ports),
    close: () => tracing.close(),
  };
}
