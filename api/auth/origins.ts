import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** Whether pages of an origin may call the service from a browser. */
export type AllowOrigin = (origin: string) => boolean;

/** Headers of answers that scripts of such a page may read. */
const READABLE = [
  'location',
  'etag',
  'idempotency-replayed',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'x-request-id',
  'content-disposition',
];
/** For how long a browser need not ask again. */
const REMEMBERED_SECONDS = 600;

/** By a list of origins, in which `*` stands for letters, digits and hyphens within one part of a name: `https://app-*.example.com`. */
export function allowOrigins(patterns: readonly string[]): AllowOrigin {
  const exact = new Set(patterns);
  const wild = patterns
    .filter((pattern) => pattern.includes('*'))
    .map((pattern) => new RegExp(`^${pattern.split('*').map(quoted).join('[A-Za-z0-9-]+')}$`));
  return (origin) => (exact.has(origin) && !origin.includes('*')) || wild.some((pattern) => pattern.test(origin));
}

/** Lets the pages of allowed origins read answers. They authenticate by a header, so that cookies are of no use to anyone. */
export async function answerAllowedPages(app: FastifyInstance, isAllowed: AllowOrigin): Promise<void> {
  await app.register(cors, {
    origin: (origin, callback) => callback(null, origin !== undefined && isAllowed(origin)),
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-none-match', 'last-event-id', 'x-namespace', 'x-request-id'],
    exposedHeaders: READABLE,
    maxAge: REMEMBERED_SECONDS,
    strictPreflight: false, // A preflight without its headers is answered like one with them, without leave.
  });
}

function quoted(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
