import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { shoot, startBrowser, violations, type TestBrowser } from './rig/browser.ts';
import { startService, type Service } from '../rig/service.ts';

describe.skipIf(inject('noBrowser') !== null)('the pages of schedules and of comparisons', () => {
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

  it('make a schedule, run its nights, pause it, change it and delete it', async () => {
    const { page, problems } = await browser.open();
    await page.goto(`${service.url}/schedules/`);
    await page.getByRole('heading', { name: 'No schedule yet' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'New schedule' }).click();
    await page.getByText('At 02:30 on Tuesday to Saturday, New York time').waitFor();
    await page.getByRole('combobox', { name: 'Strategy' }).selectOption('rules');
    await page.getByRole('textbox', { name: 'Buy when' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'schedule-new');

    await page.getByRole('textbox', { name: 'Cron line' }).fill('30 2 * *');
    await page.getByRole('button', { name: 'Make the schedule' }).click();
    await page.getByText('write five fields', { exact: false }).waitFor();
    await page.getByRole('combobox', { name: 'Usual times' }).selectOption('Every day at 06:00');
    await page.getByRole('button', { name: 'Make the schedule' }).click();
    await page.waitForURL(/\/schedules\/view\/\?id=/);
    await page.getByText('Active', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Run now' }).click();
    const nights = page.getByRole('region', { name: 'Nights' });
    await nights.locator('[data-status=completed]').waitFor({ timeout: 40_000 });
    await page.getByText('This is the first night').waitFor({ timeout: 40_000 });
    await page.getByRole('button', { name: 'Backfill …' }).click();
    await page.getByLabel('From').fill('2026-01-05');
    await page.getByLabel('To', { exact: true }).fill('2026-01-06');
    await page.getByRole('button', { name: 'Run them' }).click();
    await expect.poll(() => nights.locator('[data-status=completed]').count(), { timeout: 40_000 }).toBe(3);

    await page.getByRole('button', { name: 'Pause …' }).click();
    await page.getByLabel('Why').fill('holidays');
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused', { exact: true }).waitFor();
    await page.getByText('holidays').waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'schedule');

    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Each morning');
    await page.getByRole('button', { name: 'Save the changes' }).click();
    await page.getByRole('heading', { name: /Each morning/ }).waitFor();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Delete …' }).click();
    await page.getByRole('button', { name: 'Delete the schedule' }).click();
    await page.getByRole('heading', { name: 'No schedule yet' }).waitFor();
    // Of the cron line that was refused.
    expect(problems.filter((text) => !text.includes('422'))).toEqual([]);
    await page.close();
  });

  it('lay the curves of runs over each other, with figures, correlations and differences', async () => {
    const { page, problems } = await browser.open();
    const spec = (fast: number) => ({
      name: `Fast ${fast}`,
      data: { source: 'sample', symbols: ['AAPL'] },
      strategy: { name: 'sma-cross', params: { fast, slow: 50 } },
    });
    const ids = await Promise.all([5, 20].map(async (fast) => (await service.submit(spec(fast))).id));
    await page.goto(`${service.url}/compare/`);
    await page.getByRole('heading', { name: 'Which runs?' }).waitFor();
    for (const name of ['Fast 5', 'Fast 20']) {
      await page.getByRole('button', { name: 'Add a run …' }).click();
      await page.getByRole('searchbox', { name: 'Part of the name' }).fill(name);
      await page
        .getByRole('dialog')
        .getByRole('button', { name: new RegExp(`^${name} `) })
        .click();
    }
    await page.getByRole('heading', { name: /Growth of one unit/ }).waitFor({ timeout: 30_000 });
    await page.getByText('best: ').first().waitFor({ state: 'attached' });
    await page.getByRole('rowheader', { name: 'strategy.params.fast' }).waitFor();
    await page.getByRole('rowheader', { name: 'All together' }).waitFor();
    expect(new URL(page.url()).searchParams.getAll('id').toSorted()).toEqual(ids.toSorted());
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'compare');
    await page.getByRole('button', { name: 'Take Fast 5 out' }).click();
    await page.getByRole('heading', { name: 'In what they differ' }).waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
    await page.close();
  });
});
