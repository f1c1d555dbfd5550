import { trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import manifest from '../package.json' with { type: 'json' };
import type { Tracing } from './tracing.ts';

/** Short, so that little is lost with a process that is killed. */
const SEND_AFTER_MS = 1_000;

/** Starts tracing for this process; `url` is the base address of a collector that speaks OTLP over HTTP. */
export function openTracing(component: string, url: string): Tracing {
  const resource = new Resource({ 'service.name': `holdfast-${component}`, 'service.version': manifest.version });
  // Headers, a key of the collector for example, come from OTEL_EXPORTER_OTLP_HEADERS.
  const exporter = new OTLPTraceExporter({ url: `${url.replace(/\/+$/, '')}/v1/traces` });
  const processor = new BatchSpanProcessor(exporter, { scheduledDelayMillis: SEND_AFTER_MS });
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  provider.register({ contextManager: new AsyncLocalStorageContextManager().enable() });
  return {
    tracer: trace.getTracer('holdfast'),
    resource,
    processor,
    close: () => provider.shutdown().catch(() => undefined), // a collector that is away must not keep a process from ending
  };
}
