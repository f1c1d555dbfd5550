import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { shoot, startBrowser, violations, type TestBrowser } from './rig/browser.ts';
import { startService, type Service } from '../rig/service.ts';

describe.skipIf(inject('noBrowser') !== null)('what is around every page', () => {
  let service: Service;
  let browser: TestBrowser;
  beforeAll(async () => {
    service = await startService({ temporalAddress: inject('temporalAddress'), env: { HOLDFAST_PAGE: inject('pageFolder') } });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.[Symbol.asyncDispose]();
  });

  it('opens at the address of the service, without an error in the console', async () => {
    const { page, problems } = await browser.open();
    await page.goto(service.url);
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    expect(page.url()).toBe(`${service.url}/runs/`);
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'runs-empty');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('says so at an address where there is nothing, with the status that says so to machines', async () => {
    const { page } = await browser.open();
    const answer = await page.goto(`${service.url}/runs/nowhere`);
    expect(answer!.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.close();
  });

  it('leads the keyboard to the content first', async () => {
    const { page } = await browser.open();
    await page.goto(`${service.url}/runs/`);
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    await page.close();
  });

  it('goes to a page or a run by a few letters, without the mouse', async () => {
    await service.submit({ name: 'Waits for a worker', data: { source: 'sample', symbols: ['AAPL'] }, strategy: { name: 'sma-cross' } });
    const { page, problems } = await browser.open();
    await page.goto(`${service.url}/runs/`);
    await page.getByRole('link', { name: 'Waits for a worker' }).waitFor();
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox', { name: 'A page, or the name of a run' }).waitFor();
    await page.keyboard.type('dataset');
    await page.getByRole('option', { name: 'Datasets', selected: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'palette');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Datasets', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Go to' }).click();
    await page.keyboard.type('waits for');
    await page.getByRole('option', { name: 'Waits for a worker', selected: true }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Waits for a worker' }).waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });

  it('remembers a theme that was chosen', async () => {
    const { page } = await browser.open({ scheme: 'light' });
    await page.goto(`${service.url}/runs/`);
    await page.getByRole('button', { name: 'Theme' }).click();
    await page.getByRole('menuitem', { name: 'Dark' }).click();
    await page.reload();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.close();
  });
});
