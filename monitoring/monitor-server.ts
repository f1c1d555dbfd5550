import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';

export interface Readiness {
  status: 'ready' | 'unavailable';
  /** Why not, for people; empty where it is. */
  reasons: string[];
}

export interface MonitorOptions {
  host: string;
  port: number;
  registry: Registry;
  /** Metrics that something else of this process writes, in the same format. */
  more?: () => Promise<string>;
  readiness: () => Promise<Readiness>;
}

export interface Monitor {
  readonly port: number;
  close(): Promise<void>;
}

/** `/metrics`, `/healthz` and `/readyz` on a port of their own: these are for whoever runs the process, and never for its users. */
export async function startMonitor({ host, port, registry, more, readiness }: MonitorOptions): Promise<Monitor> {
  const pages: Record<string, (response: ServerResponse) => Promise<void>> = {
    '/healthz': async (response) => sendJson(response, 200, { status: 'ok' }),
    '/readyz': async (response) => {
      const report = await readiness();
      sendJson(response, report.status === 'ready' ? 200 : 503, report);
    },
    '/metrics': async (response) => {
      const [own, others] = await Promise.all([registry.metrics(), more?.().catch(() => '')]);
      response.setHeader('content-type', registry.contentType).end([own, others].filter(Boolean).join('\n'));
    },
  };
  const server = createServer((request, response) => {
    const page = pages[request.url?.split('?', 1)[0] ?? ''];
    if (page === undefined || !['GET', 'HEAD'].includes(request.method ?? '')) return sendJson(response, 404, { status: 'not found' });
    page(response).catch((error: unknown) => sendJson(response, 500, { status: error instanceof Error ? error.message : String(error) }));
  });
  await Promise.race([
    once(server.listen(port, host), 'listening'),
    once(server, 'error').then(([error]) => {
      throw error as Error;
    }),
  ]);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
