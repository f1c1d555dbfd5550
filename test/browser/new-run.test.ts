import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startService, type Service } from '../rig/service.ts';
import { shoot, startBrowser, violations, type TestBrowser } from './rig/browser.ts';

describe.skipIf(inject('noBrowser') !== null)('the form of a new run', () => {
  let service: Service;
  let browser: TestBrowser;
  beforeAll(async () => {
    service = await startService({ temporalAddress: inject('temporalAddress'), env: { HOLDFAST_PAGE: inject('pageFolder') } });
    await service.startWorker();
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.[Symbol.asyncDispose]();
  });

  it('says what a run would cost, keeps the JSON in step, and starts it', async () => {
    const { page, problems } = await browser.open();
    await page.goto(`${service.url}/runs/new/`);
    await page.getByRole('spinbutton', { name: 'fast' }).fill('5');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('By the form');
    const json = page.getByRole('textbox', { name: 'The same as JSON' });
    await expect.poll(() => json.inputValue()).toMatch(/"fast": 5[^]*"name"|"name": "By the form"[^]*"fast": 5/);
    await page.getByRole('region', { name: 'Estimate' }).getByText('Bars').waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'new-run');
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.getByRole('heading', { name: 'By the form' }).waitFor();
    await page.locator('h1 [data-status=completed]').waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });

  it('shows a fault at its control and keeps the button shut until it is mended', async () => {
    const { page } = await browser.open();
    await page.goto(`${service.url}/runs/new/`);
    await page.getByRole('spinbutton', { name: 'fast' }).fill('50');
    await page.getByText('must be less than slow (30), but is 50').first().waitFor();
    expect(await page.getByRole('button', { name: 'Start the run' }).isDisabled()).toBe(true);
    await page.getByRole('spinbutton', { name: 'slow' }).fill('60');
    await expect.poll(() => page.getByRole('button', { name: 'Start the run' }).isEnabled()).toBe(true);
    await page.close();
  });

  it('checks rules while they are typed, completes names, and runs them', async () => {
    const { page, problems } = await browser.open();
    await page.goto(`${service.url}/runs/new/`);
    await page.getByRole('combobox', { name: 'Strategy' }).selectOption('rules');
    const buy = page.getByRole('textbox', { name: 'Buy when' });
    await buy.click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('cloes > s');
    await page.getByText('"cloes" is no known name; did you mean "close"?').waitFor();
    await page.locator('.cm-lintRange-error').waitFor();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('crossOv');
    // The editor takes no key for some moments after the list has come, lest it be meant for the text.
    await page.getByRole('option', { name: /crossOver/ }).click();
    await page.keyboard.type('(f, s)');
    await page.getByText('"cloes" is no known name').waitFor({ state: 'detached' });
    await shoot(page, 'new-run-rules');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.locator('h1 [data-status=completed]').waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });
});
