import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Page } from 'playwright-core';
import { freePort } from '../../local/ports.ts';
import { PUBLISHABLE_KEY, startAuthDouble, type AuthDouble } from '../rig/auth-double.ts';
import { startService, type Service } from '../rig/service.ts';
import { startBrowser, violations, type TestBrowser } from './rig/browser.ts';
import { hostPage } from './rig/hosted-page.ts';

const PASSWORD = 'correct horse battery';
const ANN = 'ann@example.com';

describe.skipIf(inject('noBrowser') !== null)('the page on another origin than the API', () => {
  let auth: AuthDouble;
  let service: Service;
  let hosted: AsyncDisposable;
  let port: number;
  let browser: TestBrowser;
  const at = (name: string, path = '/') => `http://${name}.localhost:${port}${path}`;
  beforeAll(async () => {
    auth = await startAuthDouble();
    auth.add(ANN, PASSWORD);
    port = await freePort('127.0.0.1');
    service = await startService({
      temporalAddress: inject('temporalAddress'),
      env: {
        HOLDFAST_PAGE: 'off',
        SUPABASE_URL: auth.url,
        SUPABASE_PUBLISHABLE_KEY: PUBLISHABLE_KEY,
        HOLDFAST_ORIGINS: `${at('holdfast', '')},${at('holdfast-*', '')}`,
      },
    });
    await service.startWorker();
    hosted = await hostPage(inject('pageFolder'), port, { NEXT_PUBLIC_API_URL: `${service.url}/`, SUPABASE_URL: auth.url });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.[Symbol.asyncDispose]();
    await hosted?.[Symbol.asyncDispose]();
    await auth?.[Symbol.asyncDispose]();
  });

  async function signIn(page: Page): Promise<void> {
    await page.getByLabel('E-mail').fill(ANN);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('button', { name: `Signed in: ${ANN}` }).waitFor();
  }

  it('signs in, starts a run, follows it live and downloads what it made', async () => {
    const { page, problems } = await browser.open();
    await page.goto(at('holdfast'));
    await page.waitForURL(at('holdfast', '/sign-in/?to=%2Fruns%2F'));
    await signIn(page);
    const streamed = page.waitForResponse((answer) => answer.url() === `${service.url}/v1/events`);
    await page.goto(at('holdfast', '/runs/new'));
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('From afar');
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.getByRole('heading', { name: 'From afar' }).waitFor();
    await page.locator('h1 [data-status=completed]').waitFor();
    expect((await streamed).headers()['content-type']).toContain('text/event-stream');
    await page.locator('canvas').first().waitFor();
    expect(await violations(page)).toEqual([]);

    await page.getByRole('button', { name: 'More' }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Download all (zip)' }).click();
    expect((await saved).suggestedFilename()).toMatch(/\.zip$/);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('runs no script but its own, and asks no origin but the API and the sign-in', async () => {
    const { page, problems } = await browser.open();
    const answer = await page.goto(at('holdfast', '/runs/'));
    expect(answer!.headers()).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' });
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    expect(policy).toContain("default-src 'none'");
    expect(/script-src ([^;]*)/.exec(policy!)![1]).not.toMatch(/unsafe/);
    await page.getByLabel('E-mail').waitFor();
    expect(problems).toEqual([]);
    const ran = await page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.planted = true';
      document.head.append(script);
      const asked = await fetch('http://other.localhost:9/').then(
        () => 'answered',
        () => 'refused',
      );
      return [(window as { planted?: boolean }).planted ?? false, asked];
    });
    expect(ran).toEqual([false, 'refused']);
    const refusals = problems.join('\n');
    for (const rule of ['script-src', 'connect-src']) expect(refusals).toMatch(new RegExp(`Content Security Policy.*${rule}`));
    await page.close();
  });

  it('works in a preview as in production, also with a ticket for an EventSource', async () => {
    const { page, problems } = await browser.open();
    await page.goto(at('holdfast-git-new-chart', '/runs/'));
    await signIn(page);
    await page.getByRole('link', { name: 'From afar' }).click();
    await page.locator('h1 [data-status=completed]').waitFor();
    const id = new URL(page.url()).searchParams.get('id')!;
    const heard = await page.evaluate(hearByTicket, { api: service.url, id });
    expect(heard).toBe('done');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('cannot be had from an origin that nobody allowed, and says so', async () => {
    const { page } = await browser.open();
    await page.goto(at('someone-else', '/runs/'));
    await page.getByRole('alert').getByText('The service does not answer.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await page.close();
  });

  it('answers what is not there with the page for it, and what changes never from a cache', async () => {
    const { page } = await browser.open();
    const missing = await page.goto(at('holdfast', '/nowhere/'));
    expect(missing!.status()).toBe(404);
    await signIn(page);
    await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
    const script = await page.locator('script[src^="/_next/static/"]').first().getAttribute('src');
    const answer = await fetch(`http://127.0.0.1:${port}${script}`);
    expect(answer.headers.get('cache-control')).toContain('immutable');
    await page.close();
  });
});

/** As a script of somebody's own would do it, with the session of the page. Resolves to the name of the event that says that nothing comes any more. */
async function hearByTicket({ api, id }: { api: string; id: string }): Promise<string> {
  const kept = Object.entries(localStorage).find(([key]) => key.endsWith('-auth-token'))![1] as string;
  const { access_token: token } = JSON.parse(kept) as { access_token: string };
  const answer = await fetch(`${api}/v1/events/ticket`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  const { ticket } = (await answer.json()) as { ticket: string };
  const source = new EventSource(`${api}/v1/backtests/${id}/events?ticket=${ticket}`);
  const heard = await new Promise<string>((resolve) => {
    source.addEventListener('done', ({ type }) => resolve(type));
    source.addEventListener('error', ({ type }) => resolve(type));
  });
  source.close();
  return heard;
}
