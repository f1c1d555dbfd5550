import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { shoot, startBrowser, violations, type TestBrowser } from './rig/browser.ts';
import { startService, type Service } from '../rig/service.ts';

const HEADER = 'ts,open,high,low,close,volume\n';
const day = (date: string, close: number) => `${date},${close},${close + 1},${close - 1},${close},100\n`;

describe.skipIf(inject('noBrowser') !== null)('the pages of links, datasets, accounts and operators', () => {
  let service: Service;
  let browser: TestBrowser;
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-upload-'));
  beforeAll(async () => {
    service = await startService({ temporalAddress: inject('temporalAddress'), env: { HOLDFAST_PAGE: inject('pageFolder') } });
    await service.startWorker();
    browser = await startBrowser();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await browser?.close();
    await service?.[Symbol.asyncDispose]();
  });

  it('share a run by a link that reads it without a sign-in, until it is ended', async () => {
    const spec = { name: 'To be shown', data: { source: 'sample', symbols: ['AAPL'] }, strategy: { name: 'sma-cross' } };
    const { id } = await service.submit(spec);
    await service.completed(id);
    const { page, problems } = await browser.open();
    await page.goto(`${service.url}/runs/view/?id=${id}`);
    await page.locator('[data-status=completed]').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Share by a link …' }).click();
    await page.getByRole('button', { name: 'Make a link' }).click();
    const link = await page.getByRole('textbox', { name: 'The link' }).inputValue();
    await page.getByRole('list', { name: 'Links' }).getByRole('listitem').waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'share');

    const guest = await browser.open();
    await guest.page.goto(link);
    await guest.page.getByRole('heading', { name: /To be shown/ }).waitFor();
    await guest.page.locator('[data-status=completed]').waitFor({ timeout: 60_000 });
    expect(await guest.page.getByRole('button', { name: 'More' }).count()).toBe(0);
    expect(await guest.page.getByRole('navigation', { name: 'Main' }).count()).toBe(0);
    await guest.page.locator('canvas').first().waitFor();
    expect(await violations(guest.page)).toEqual([]);
    await shoot(guest.page, 'shared');
    expect(guest.problems).toEqual([]);

    await page.getByRole('button', { name: 'End it' }).click();
    await page.getByText('There is no link yet.').waitFor();
    await guest.page.reload();
    await guest.page.getByRole('heading', { name: 'This link leads nowhere any more' }).waitFor();
    expect(problems).toEqual([]);
    await guest.page.close();
    await page.close();
  });

  it('take a file of bars, say what is wrong with it row by row, and delete it', async () => {
    const [bad, good] = [path.join(folder, 'bad.csv'), path.join(folder, 'My Prices.csv')];
    writeFileSync(bad, `${HEADER}${day('2024-01-02', 10)}2024-01-03,x,12,9,11,100\n`);
    writeFileSync(good, `${HEADER}${['2024-01-02', '2024-01-03', '2024-01-04'].map((date, i) => day(date, 10 + i)).join('')}`);
    const { page, problems } = await browser.open();
    await page.goto(`${service.url}/datasets/`);
    await page.getByRole('heading', { name: 'Symbols' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'datasets');
    await page.getByRole('button', { name: 'Upload bars …' }).click();
    await page.getByLabel('File').setInputFiles(bad);
    await page.getByLabel('Symbol', { exact: true }).fill('ABC');
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    await page
      .getByRole('dialog')
      .getByRole('alert')
      .getByText(/row 2|line 3/i)
      .waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'upload');
    await page.getByLabel('Name').fill('');
    await page.getByLabel('File').setInputFiles(good);
    expect(await page.getByLabel('Name').inputValue()).toBe('my-prices');
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    await page.waitForURL(/source=upload/);
    await page.getByText('3 bars were looked at', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Delete …' }).click();
    await page.getByRole('button', { name: 'Delete the upload' }).click();
    await page.getByText('3 bars were looked at', { exact: false }).waitFor({ state: 'detached' });
    expect(problems.filter((text) => !text.includes('422'))).toEqual([]);
    await page.close();
  });

  it('make a token that is shown once, and revoke it', async () => {
    const { page, problems } = await browser.open();
    await page.goto(`${service.url}/account/`);
    await page.getByRole('rowheader', { name: 'Stored uploads and results' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'account');
    await page.getByRole('tab', { name: 'Tokens' }).click();
    await page.getByRole('button', { name: 'Make a token …' }).click();
    await page.getByLabel('What it is for').fill('notebook');
    await page.getByRole('button', { name: 'Make it' }).click();
    expect(await page.getByRole('textbox', { name: 'Secret' }).inputValue()).toMatch(/^\S{20,}$/);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('list', { name: 'Tokens' }).getByText('notebook').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Revoke …' }).click();
    await page.getByRole('button', { name: 'Revoke it' }).click();
    await page.getByRole('heading', { name: 'No token yet' }).waitFor();
    await page.getByRole('tab', { name: 'Your data' }).click();
    await page.getByRole('button', { name: 'Delete all my data …' }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('let an operator disable a strategy and enable it again', async () => {
    const { page, problems } = await browser.open();
    await page.goto(`${service.url}/admin/`);
    await page.getByRole('button', { name: 'Actions for To be shown' }).click();
    await page.getByRole('menuitem', { name: 'Disable its strategy …' }).click();
    await page.getByLabel('Why').fill('too slow');
    await page.getByRole('button', { name: 'Disable', exact: true }).click();
    await page.getByRole('tab', { name: 'Disabled' }).click();
    await page.getByText('too slow').waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'admin');
    await page.getByRole('button', { name: 'Enable' }).click();
    await page.getByRole('heading', { name: 'Nothing is disabled' }).waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });
});
