import type { FastifyInstance } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/** The docs run their own script and read the document from here; nothing may come from, or go to, another host. */
const POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'", "'unsafe-inline'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/** Puts the usual headers on every answer. They are the same on each, so they are made once: for every request anew they would cost a twentieth of a read. */
export function sendSecurityHeaders(app: FastifyInstance): void {
  const headers: Record<string, string> = {};
  const protect = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    strictTransportSecurity: false, // plain HTTP on loopback: TLS, where there is any, is a proxy's
  });
  const collecting = { setHeader: (name: string, value: string) => (headers[name.toLowerCase()] = value), removeHeader: () => undefined };
  protect({} as IncomingMessage, collecting as unknown as ServerResponse, () => undefined);
  app.addHook('onRequest', async (_request, reply) => void reply.headers(headers));
}
