import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { inlineScripts, pagePolicy } from '../shared/page-policy.ts';

/** The page as files, and where its scripts may ask beside this service. */
interface PageOptions {
  /** An export of `web/`. It need not be there yet: until then its addresses say so. */
  folder: string;
  connect: readonly string[];
}

const YEAR_SECONDS = 31_536_000;
/** Names with a hash of their content. */
const HASHED = '/_next/static/';
/** Its scripts look here until it is built; nothing of it is a script. */
const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="3"><title>Holdfast</title>
<body style="font: 16px system-ui; margin: 3em auto; max-width: 40em; padding: 0 1em"><h1 style="font-size: 1.2em">The page is being built</h1>
<p>That takes about a minute, once. It opens here by itself. The service is up already: see <a href="/docs/">its documentation</a>.</p></body></html>`;

/** Serves the export of `web/` at the service's own address. Paths of the API come first; below `/v1` nothing is a file. */
export async function servePage(app: FastifyInstance, { folder, connect }: PageOptions): Promise<NotFoundPage> {
  let policy: string | null = null;
  const policyNow = (): string | null => {
    if (policy === null && existsSync(path.join(folder, 'index.html'))) policy = pagePolicy(scriptHashes(folder), connect);
    return policy;
  };
  await app.register(fastifyStatic, { root: folder, serve: false, cacheControl: false, decorateReply: true });

  const options = { schema: { hide: true }, exposeHeadRoute: true } as const;
  app.get('/', options, (_request, reply) => reply.redirect('/runs/'));
  app.get('/*', options, (request, reply) => {
    const { '*': wanted } = request.params as { '*': string };
    if (wanted === 'v1' || wanted.startsWith('v1/')) return reply.callNotFound();
    const allowed = policyNow();
    if (allowed === null) return wantsPage(request) ? notBuilt(reply) : reply.callNotFound();
    const file = fileAt(folder, wanted);
    if (file === null) return reply.callNotFound();
    if (file.endsWith('index.html') && !request.url.split('?', 1)[0]!.endsWith('/')) {
      const [at, query] = request.url.split('?', 2);
      return reply.redirect(`${at}/${query === undefined ? '' : `?${query}`}`);
    }
    const isHashed = request.url.startsWith(HASHED);
    reply.header('cache-control', isHashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
    if (file.endsWith('.html')) reply.header('content-security-policy', allowed);
    return reply.sendFile(file);
  });

  return (request, reply) => {
    const allowed = policyNow();
    if (allowed === null || request.method !== 'GET' || !wantsPage(request)) return null;
    reply.header('content-security-policy', allowed).header('cache-control', 'no-cache').code(404);
    return reply.type('text/html; charset=utf-8').send(readFileSync(path.join(folder, '404.html')));
  };
}

/** Answers with the page for what does not exist, where a browser asks for a page; null for all others. */
export type NotFoundPage = (request: FastifyRequest, reply: FastifyReply) => FastifyReply | null;

function wantsPage({ headers: { accept = '' }, url }: FastifyRequest): boolean {
  return accept.includes('text/html') && !url.startsWith('/v1/');
}

function notBuilt(reply: FastifyReply): FastifyReply {
  reply.header('cache-control', 'no-store').header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
  return reply.code(503).header('retry-after', '3').type('text/html; charset=utf-8').send(NOT_BUILT);
}

/** Name below the folder; null where there is no such file, or the path leads out of it. */
function fileAt(folder: string, wanted: string): string | null {
  const at = path.normalize(path.join(folder, wanted));
  if (at !== folder && !at.startsWith(folder + path.sep)) return null;
  const candidates = path.extname(at) === '' ? [path.join(at, 'index.html')] : [at];
  const found = candidates.find((candidate) => existsSync(candidate));
  return found === undefined ? null : path.relative(folder, found);
}

function scriptHashes(folder: string): string[] {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'));
  const scripts = pages.flatMap((file) => inlineScripts(readFileSync(path.join(folder, file), 'utf8')));
  return [...new Set(scripts.map((script) => createHash('sha256').update(script).digest('base64')))].toSorted();
}
