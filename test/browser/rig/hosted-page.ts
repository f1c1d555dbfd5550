import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import vercel from '../../../vercel.json' with { type: 'json' };

const ROOT = path.resolve(import.meta.dirname, '../../..');
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'application/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * The page at an origin of its own, as Vercel makes and serves it by `vercel.json`: a copy of the export, prepared for the API and the project that `env` names, with its
 * redirects, its headers and its slashes. Any name below localhost leads to it: `http://NAME.localhost:PORT`.
 */
export async function hostPage(
  exported: string,
  port: number,
  env: { NEXT_PUBLIC_API_URL: string; SUPABASE_URL?: string },
): Promise<AsyncDisposable> {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-hosted-'));
  cpSync(exported, folder, { recursive: true });
  // What `npm run build:hosted` does after the build, which the tests in a browser have done already.
  execFileSync('node', [path.join(ROOT, 'web/prepare-export.ts'), folder], { env: { ...process.env, ...env } });

  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url!, 'http://any');
    const redirect = vercel.redirects.find(({ source }) => source === pathname);
    if (redirect) return void response.writeHead(307, { location: redirect.destination + search }).end();
    for (const { source, headers } of vercel.headers)
      if (new RegExp(`^${source}$`).test(pathname)) for (const { key, value } of headers) response.setHeader(key, value);
    if (vercel.trailingSlash && !pathname.endsWith('/') && path.extname(pathname) === '')
      return void response.writeHead(308, { location: `${pathname}/${search}` }).end();
    const wanted = path.join(folder, path.normalize(pathname), pathname.endsWith('/') ? 'index.html' : '');
    const found = existsSync(wanted) && statSync(wanted).isFile();
    send(response, found ? 200 : 404, found ? wanted : path.join(folder, '404.html'));
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function send(response: ServerResponse, status: number, file: string): void {
  response.writeHead(status, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file));
}
