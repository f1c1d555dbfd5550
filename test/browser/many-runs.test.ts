import path from 'node:path';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { writeManyRows } from '../../bench/api/many-rows.ts';
import { startService, type Service } from '../rig/service.ts';
import { startBrowser, violations, type TestBrowser } from './rig/browser.ts';

const RUNS = 100_000;
/** In sight, some beside them, and the head. */
const MOST_ROWS = 100;

describe.skipIf(inject('noBrowser') !== null)('the list of 100,000 runs', () => {
  let service: Service;
  let browser: TestBrowser;
  beforeAll(async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'holdfast-test-'));
    await writeManyRows(path.join(home, 'rows.sqlite'), RUNS);
    service = await startService({ temporalAddress: inject('temporalAddress'), home, env: { HOLDFAST_PAGE: inject('pageFolder') } });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.[Symbol.asyncDispose]();
  });

  const rows = (page: Page) => page.getByRole('region', { name: 'Runs' }).locator('tr');
  const run = (page: Page, number: number) => page.getByRole('link', { name: `Number ${number}`, exact: true });

  it('has few rows in the document, however far somebody goes, and an end', { timeout: 300_000 }, async () => {
    const { page, problems } = await browser.open({ width: 'wide' });
    await page.goto(`${service.url}/runs/`);
    await run(page, RUNS - 1).waitFor();
    expect(await violations(page)).toEqual([]);
    const most = await page.evaluate(scrollToEnd);
    expect(most).toBeLessThan(MOST_ROWS);
    await run(page, 0).waitFor();
    await page.getByRole('status').getByText('100,000 runs', { exact: true }).waitFor();
    expect(await rows(page).count()).toBeLessThan(MOST_ROWS);
    // Back to the top at once.
    await page.getByRole('region', { name: 'Runs' }).focus();
    await page.keyboard.press('Home');
    await run(page, RUNS - 1).waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });

  it('is searched, filtered and turned round without any of the rest', async () => {
    const { page, problems } = await browser.open();
    await page.goto(`${service.url}/runs/`);
    await run(page, RUNS - 1).waitFor();
    await page.getByLabel('Search by name').fill('number 4321');
    await run(page, 4_321).waitFor();
    // And those from 43210 to 43219.
    await page.getByRole('status').getByText('11 runs', { exact: true }).waitFor();
    await page.getByLabel('Search by name').fill('no such name');
    await page.getByRole('heading', { name: 'No run fits' }).waitFor();

    await page.goto(`${service.url}/runs/?tag=rare&sort=createdAt`);
    await run(page, 0).waitFor();
    await run(page, 100).waitFor();
    expect(await run(page, 1).count()).toBe(0);
    expect(problems).toEqual([]);
    await page.close();
  });
});

/** Pulls the bar down until nothing comes any more; resolves to the most rows that were ever in the document. */
async function scrollToEnd(): Promise<number> {
  const list = document.querySelector('[role=region][aria-label=Runs]')!;
  let most = 0;
  while (!list.textContent.includes('runs') || list.textContent.includes('more below') || list.textContent.includes('More is loading')) {
    list.scrollTop = list.scrollHeight;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    most = Math.max(most, list.querySelectorAll('tr').length);
  }
  list.scrollTop = list.scrollHeight;
  return most;
}
