import { SpanStatusCode, type Tracer } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';

/** Sends spans to a collector. */
export interface Tracing {
  readonly tracer: Tracer;
  readonly resource: Resource;
  readonly processor: SpanProcessor;
  /** Sends what is left. */
  close(): Promise<void>;
}

/** The same methods, each call a span of its own below what is going on: `rows.submit`. */
export function traceCalls<Port extends object>(tracer: Tracer, name: string, port: Port): Port {
  const traced = Object.entries(port).map(([method, call]: [string, unknown]) => {
    if (typeof call !== 'function') return [method, call] as const;
    const within = (...args: unknown[]): unknown =>
      tracer.startActiveSpan(`${name}.${method}`, (span) => {
        const failed = (error: unknown): never => {
          span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
          span.end();
          throw error;
        };
        try {
          const answer = (call as (...args: unknown[]) => unknown)(...args);
          if (answer instanceof Promise) {
            return answer.then((value: unknown) => {
              span.end();
              return value;
            }, failed);
          }
          span.end();
          return answer;
        } catch (error) {
          return failed(error);
        }
      });
    return [method, within] as const;
  });
  return Object.fromEntries(traced) as Port;
}
