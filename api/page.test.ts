import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestService, type TestService } from './test-service.ts';

const PAGE = '<!doctype html><head><script>hello()</script></head><body>runs</body>';
const accept = 'text/html,application/xhtml+xml';

let folder: string;
let service: TestService;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'page-'));
  service = await startTestService({ HOLDFAST_PAGE: folder, SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_x' });
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the page', () => {
  it('says that it is being built for as long as it is', async () => {
    const answer = await service.get('/runs/', { accept });
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain('is being built');
    // To programs it is nothing at all.
    expect((await service.get('/runs/')).statusCode).toBe(404);
  });

  it('is served once it is built, with a policy that lets only its own scripts run', async () => {
    for (const name of ['runs', 'runs/view', '_next/static/chunks']) mkdirSync(path.join(folder, name), { recursive: true });
    for (const name of ['runs/index.html', 'runs/view/index.html', '404.html', 'index.html']) writeFileSync(path.join(folder, name), PAGE);
    writeFileSync(path.join(folder, '_next/static/chunks/a1b2.js'), 'hello()');

    const page = await service.get('/runs/view/?id=1', { accept });
    expect(page.statusCode).toBe(200);
    expect(page.body).toBe(PAGE);
    expect(page.headers['cache-control']).toBe('no-cache');
    expect(page.headers['content-security-policy']).toMatch(/script-src 'self' 'sha256-[A-Za-z0-9+/=]{44}';/);
    const again = await service.get('/runs/view/?id=1', { accept, 'if-none-match': String(page.headers.etag) });
    expect(again.statusCode).toBe(304);

    const script = await service.get('/_next/static/chunks/a1b2.js');
    expect(script.headers['cache-control']).toContain('immutable');
    expect((await service.get('/')).headers.location).toBe('/runs/');
    expect((await service.get('/runs/view?id=1', { accept })).headers.location).toBe('/runs/view/?id=1');
  });

  it('answers a browser with a page where there is nothing, and programs with a problem', async () => {
    const page = await service.get('/nowhere/', { accept });
    expect([page.statusCode, page.body]).toEqual([404, PAGE]);
    for (const url of ['/nowhere', '/v1/nowhere', '/../package.json', '/..%2f..%2fetc/passwd']) {
      const answer = await service.get(url);
      expect([url, answer.statusCode, answer.headers['content-type']]).toEqual([url, 404, 'application/problem+json; charset=utf-8']);
    }
    expect((await service.get('/v1/nowhere', { accept })).headers['content-type']).toContain('application/problem+json');
  });

  it('learns how to sign in without having signed in', async () => {
    expect((await service.get('/v1/config')).json()).toEqual({ signIn: 'none', supabase: null });
  });
});
