import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { shoot, startBrowser, violations, type TestBrowser } from './rig/browser.ts';
import { startService, type Service } from '../rig/service.ts';

/** Of the page: a canvas has no text that could be waited for. */
const map = (page: Page) => page.getByRole('application', { name: /by fast and slow/ });

describe.skipIf(inject('noBrowser') !== null)('the pages of sweeps', () => {
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

  it('lead from no sweep to the example, its table, its heatmap and its verdict', async () => {
    const { page, problems } = await browser.open();
    await page.goto(`${service.url}/sweeps/`);
    await page.getByRole('heading', { name: 'No sweep yet' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'sweeps-empty');
    await page.getByRole('button', { name: 'Run the example' }).click();
    await page.waitForURL(/\/sweeps\/view\/\?id=/);
    await page.locator('h1 [data-status=completed]').waitFor({ timeout: 60_000 });
    await page.getByText(/On a plateau|A lonely peak/).waitFor();
    const table = page.getByRole('region', { name: 'Trials' });
    await table.getByRole('row').nth(3).waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'sweep-trials');

    await page.getByRole('textbox', { name: 'Condition between columns' }).fill('fast == 10 && slow > 100');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByText('10 trials', { exact: true }).waitFor();
    await table.getByRole('button', { name: 'Total return' }).click();
    await page.waitForURL(/sort=-totalReturn/);

    await page.getByRole('tab', { name: 'Heatmap' }).click();
    await map(page).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText(/^Chosen: fast \d+, slow \d+/).waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'sweep-map');
    await page.reload();
    await page.getByText(/^Chosen: fast \d+, slow \d+/).waitFor();

    await page.getByRole('tab', { name: 'Parallel' }).click();
    const lines = page.getByRole('application', { name: /^Trials by fast, slow/ });
    await page.getByRole('button', { name: 'Show all' }).click();
    await lines.focus();
    await page.keyboard.press('ArrowDown');
    await page.getByText(/^Rank 2: fast \d+, slow \d+/).waitFor();
    const box = (await lines.boundingBox())!;
    // The first axis, which is fast.
    await page.mouse.move(box.x + 60, box.y + 250);
    await page.mouse.down();
    await page.mouse.move(box.x + 60, box.y + 100, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/filter=fast/);
    expect(await page.getByRole('textbox', { name: 'Condition between columns' }).inputValue()).toMatch(/^fast >= \S+ && fast <= \S+$/);
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'sweep-lines');
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the chart as PNG' }).click();
    expect((await saved).suggestedFilename()).toMatch(/^Trials-by-fast-slow-.*\.png$/);

    await page.getByRole('tab', { name: 'Is it luck?' }).click();
    await page.getByRole('heading', { name: /^(Convincing|Undecided|Likely luck)$/ }).waitFor();
    expect(await page.getByRole('button', { name: /^Trial \d+/ }).count()).toBe(5);
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'sweep-luck');
    await page.getByRole('tab', { name: 'Spec' }).click();
    await page.getByText('Hash of the result').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('show faults at their fields and what it would cost before it starts', async () => {
    const { page } = await browser.open();
    await page.goto(`${service.url}/sweeps/new/`);
    const start = page.getByRole('button', { name: /^Start \d+ trials$/ });
    await start.waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'sweep-new');
    await page.getByRole('textbox', { name: 'Symbols' }).fill('NOBODY');
    await page.getByRole('textbox', { name: 'Only where' }).fill('fast <');
    await page.getByText(/things are to be corrected/).waitFor();
    await expect.poll(() => page.getByRole('textbox', { name: 'Symbols' }).getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('textbox', { name: 'Only where' }).getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('button', { name: /^Start/ }).isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: 'Symbols' }).fill('AAPL');
    await page.getByRole('textbox', { name: 'Only where' }).fill('fast < slow');
    await page.getByRole('spinbutton', { name: 'To' }).first().fill('12');
    expect(await page.getByRole('textbox', { name: 'The same as JSON' }).inputValue()).toContain('"max": 12');
    await start.click();
    await page.waitForURL(/\/sweeps\/view\/\?id=/);
    await page.locator('h1 [data-status=completed]').waitFor({ timeout: 60_000 });
    await page.close();
  });

  it('take rules, and vary the parameters that these have', async () => {
    const { page, problems } = await browser.open();
    await page.goto(`${service.url}/sweeps/new/`);
    await page.getByRole('combobox', { name: 'Strategy' }).selectOption('rules');
    await page.getByRole('textbox', { name: 'Buy when' }).waitFor();
    await page.getByRole('combobox', { name: 'fast is' }).selectOption('values');
    await page.getByRole('button', { name: 'Start 3 trials' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'sweep-new-rules');
    await page.getByRole('button', { name: 'Start 3 trials' }).click();
    await page.locator('h1 [data-status=completed]').waitFor({ timeout: 60_000 });
    // Before a space was chosen there was none.
    expect(problems.filter((text) => !text.includes('422'))).toEqual([]);
    await page.close();
  });

  it('are extended to a total, and run their best in full, side by side', async () => {
    const { page, problems } = await browser.open();
    await page.goto(`${service.url}/sweeps/?q=averages`);
    await page.getByRole('region', { name: 'Sweeps' }).getByRole('link', { name: 'Pairs of averages on Apple' }).first().click();
    await page.locator('h1 [data-status=completed]').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Extend …' }).click();
    await page.getByRole('button', { name: 'Extend', exact: true }).click();
    await page.getByRole('dialog').getByText('this sweep can have', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Leave it' }).click();
    await page.getByRole('button', { name: 'Run the best in full …' }).click();
    await page.getByLabel('How many').fill('2');
    await page.getByRole('button', { name: 'Run them' }).click();
    await page.waitForURL(/\/compare\/\?batch=/);
    await page.getByRole('heading', { name: /Growth of one unit/ }).waitFor({ timeout: 60_000 });
    await page.getByText('best: ').first().waitFor({ state: 'attached', timeout: 60_000 });
    // Of the extension that was refused.
    expect(problems.filter((text) => !text.includes('422'))).toEqual([]);
    await page.close();
  });
});
