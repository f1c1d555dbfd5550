import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startService, type Service } from '../rig/service.ts';
import { startBrowser, violations, violationsAsItIs, type TestBrowser } from './rig/browser.ts';

const SCRIPTS = '**/_next/static/chunks/*.js';

describe.skipIf(inject('noBrowser') !== null)('a page whose service goes away', () => {
  let service: Service;
  let browser: TestBrowser;
  let run: string;
  beforeAll(async () => {
    service = await startService({ temporalAddress: inject('temporalAddress'), env: { HOLDFAST_PAGE: inject('pageFolder') } });
    await service.startWorker();
    browser = await startBrowser();
    const { id } = await service.submit({ data: { source: 'sample', symbols: ['AAPL'] }, strategy: { name: 'sma-cross' } });
    await service.completed(id);
    run = `${service.url}/runs/view/?id=${id}`;
  });
  afterAll(async () => {
    await browser?.close();
    await service?.[Symbol.asyncDispose]();
  });

  it('loads a part of itself that was not there yet once the service is back, and keeps the rest', async () => {
    const { page } = await browser.open();
    await page.goto(run);
    await page.locator('canvas').first().waitFor();
    await service.api.kill('SIGKILL');
    await page.getByRole('tab', { name: 'Trades' }).click();
    await page.getByText(/No connection for/).waitFor();
    expect(await page.getByRole('tab', { name: 'Trades', selected: true }).count()).toBe(1);
    expect(page.url()).toContain('tab=trades');
    await service.startApi();
    await page.getByRole('row').nth(1).waitFor();
    await page.getByText(/No connection for/).waitFor({ state: 'detached' });
    await page.close();
  });

  it('says so where its first scripts do not come, and loads itself again when they can', async () => {
    const { page } = await browser.open();
    let scripts = 0;
    // As when the service dies after the first of its answers.
    await page.route(SCRIPTS, (route) => (scripts++ < 3 ? route.continue() : route.abort('connectionrefused')));
    await page.route(run, (route, request) => (request.method() === 'HEAD' ? route.abort('connectionrefused') : route.continue()));
    await page.goto(run);
    await page.getByRole('alert').getByText('The page could not be loaded whole').waitFor();
    expect(await violationsAsItIs(page)).toEqual([]);
    await page.unrouteAll();
    await page.locator('h1 [data-status=completed]').waitFor();
    await page.close();
  });

  it('tells whoever has it open that a part is gone for good, and what to do', async () => {
    const { page } = await browser.open();
    await page.goto(run);
    await page.locator('canvas').first().waitFor();
    await page.route(SCRIPTS, (route) => route.fulfill({ status: 404 }));
    await page.getByRole('tab', { name: 'Trades' }).click();
    await page.getByRole('alert').getByText('Most likely there is a newer version').waitFor();
    expect(await page.getByRole('navigation', { name: 'Main' }).count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Load the page again' }).click();
    await page.getByRole('row').nth(1).waitFor();
    await page.close();
  });
});
