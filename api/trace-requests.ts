import { SpanKind, SpanStatusCode, context, propagation, trace, type Span, type Tracer } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    span?: Span;
  }
}

/** A span for each request, below that of a caller who sends a `traceparent`; all that is done for the request is below it. */
export function traceRequests(app: FastifyInstance, tracer: Tracer): void {
  app.decorateRequest('span');
  // With a callback, so that the rest of the request runs within the span's context.
  app.addHook('onRequest', (request, _reply, done) => {
    const caller = propagation.extract(context.active(), request.headers);
    const name = `${request.method} ${request.routeOptions.url ?? 'unknown'}`;
    const attributes = {
      'http.request.method': request.method,
      'http.route': request.routeOptions.url ?? '',
      'holdfast.request_id': request.id,
    };
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, caller);
    request.span = span;
    context.with(trace.setSpan(caller, span), done);
  });
  app.addHook('onResponse', async ({ span }, { statusCode }) => {
    span?.setAttribute('http.response.status_code', statusCode);
    if (statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  });
}
