import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { SECONDS } from '../monitoring/registry.ts';

/** Of the path that the route has: an address would be a label of its own for each run. */
const UNKNOWN_ROUTE = 'unknown';

/** Measures each request; accepted runs are counted, and logged with the id of their request. Event streams are counted while they are open instead. */
export function measureRequests(app: FastifyInstance, registry: Registry): void {
  const registers = [registry];
  const requests = new Histogram({
    name: 'holdfast_http_request_seconds',
    help: 'From the first byte of a request to the last one of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const accepted = new Counter({
    name: 'holdfast_accepted_total',
    help: 'Submissions that were answered with 202, by route',
    labelNames: ['route'],
    registers,
  });
  const streams = new Gauge({ name: 'holdfast_event_streams', help: 'Event streams that are open', registers });

  app.addHook('onSend', async (_request, reply) => {
    if (!isStream(reply.getHeader('content-type'))) return;
    streams.inc();
    reply.raw.once('close', () => streams.dec());
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request;
    const route = request.routeOptions.url ?? UNKNOWN_ROUTE;
    if (!isStream(reply.getHeader('content-type'))) {
      requests.observe({ method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1_000);
    }
    const at = reply.getHeader('location');
    if (method !== 'POST' || reply.statusCode !== 202 || typeof at !== 'string') return;
    accepted.inc({ route });
    request.log.info({ run: at.split('/').at(-1), owner: request.owner }, 'accepted');
  });
}

function isStream(contentType: unknown): boolean {
  return typeof contentType === 'string' && contentType.startsWith('text/event-stream');
}
