import { OpenTelemetryActivityInboundInterceptor, makeWorkflowExporter } from '@temporalio/interceptors-opentelemetry/lib/worker/index.js';
import type { ActivityInterceptorsFactory, WorkerOptions } from '@temporalio/worker';
import type { Ports } from '../../activities/ports.ts';
import { traceCalls, type Tracing } from '../../monitoring/tracing.ts';

/** Steps as spans below that of the workflow, whose context their headers carry. */
export function traceSteps({ tracer }: Tracing): ActivityInterceptorsFactory {
  return (step) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(step, { tracer }) });
}

/** Takes spans out of the workflows' sandbox; not those of a replay. */
export function workflowSpans({ processor, resource }: Tracing): NonNullable<WorkerOptions['sinks']> {
  return { exporter: makeWorkflowExporter(processor, resource) };
}

/** Calls of the row store and jobs on threads, by name: what a step waits for. */
export function tracePorts({ tracer }: Tracing, ports: Ports): Ports {
  const run: Ports['threads']['run'] = (job, ...rest) =>
    traceCalls(tracer, 'threads', { [job]: () => ports.threads.run(job, ...rest) })[job]!();
  return { ...ports, results: traceCalls(tracer, 'rows', ports.results), threads: { ...ports.threads, run } };
}
