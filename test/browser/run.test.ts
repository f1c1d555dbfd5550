import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Run } from '../../shared/run.ts';
import type { BacktestSpecInput } from '../../shared/spec.ts';
import { startService, type Service } from '../rig/service.ts';
import { shoot, startBrowser, violations, type TestBrowser } from './rig/browser.ts';

/** Goes on for about as long as someone needs to press a few buttons. */
const LONG: BacktestSpecInput = {
  name: 'A long one',
  data: { source: 'synthetic', symbols: ['SYN'], timeframe: '1m', synthetic: { bars: 2_000_000 } },
  strategy: { name: 'synthetic-load', params: { fast: 10, slow: 30, microsecondsPerBar: 20 } },
};

describe.skipIf(inject('noBrowser') !== null)('runs in the page', () => {
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

  it('start with one click on the example, and are shown to their figures', async () => {
    const { page, problems } = await browser.open();
    await page.goto(`${service.url}/runs/`);
    await page.getByRole('button', { name: 'Run the example' }).click();
    await page.getByRole('heading', { name: 'SMA cross on Apple' }).waitFor();
    await page.locator('h1 [data-status=completed]').waitFor();
    await page.getByRole('region', { name: 'Figures' }).getByText('%').first().waitFor();
    await page.locator('canvas').first().waitFor();
    await page.getByRole('heading', { name: 'Returns by month' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'run');

    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the chart as PNG' }).click();
    const bytes = await buffer(await (await saved).createReadStream());
    expect((await saved).suggestedFilename()).toBe('SMA-cross-on-Apple.png');
    // Width and height of a PNG stand at its 17th byte.
    expect([bytes.subarray(1, 4).toString(), bytes.readUInt32BE(20)]).toEqual(['PNG', expect.closeTo(560 + 64, -1)]);

    await page.getByRole('tab', { name: 'Trades' }).click();
    await page.getByRole('button', { name: 'Trade 1', exact: true }).click();
    await page.getByRole('complementary', { name: 'Trade 1' }).getByText('Signal to leave').waitFor();
    expect(page.url()).toContain('tab=trades');
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'run-trades');

    for (const tab of ['Orders', 'Metrics', 'Details']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel', { name: tab }).waitFor();
    }
    await page.getByText('No look-ahead').waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'run-details');

    await page.goBack();
    await page.goto(`${service.url}/runs/`);
    await page.getByRole('link', { name: 'SMA cross on Apple' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'runs');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('are paused, kept over a reload, resumed and cancelled, and a toast says that one has ended', async () => {
    const { page, problems } = await browser.open();
    const { id } = await service.submit(LONG);
    await page.goto(`${service.url}/runs/view/?id=${id}`);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.locator('h1 [data-status=paused]').waitFor();
    const paused = await service.get<Run>(`/v1/backtests/${id}`);
    expect(paused.body.status).toBe('paused');
    await page.reload();
    await page.locator('h1 [data-status=paused]').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.locator('h1 [data-status=running]').waitFor();
    await page.getByRole('progressbar').waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'run-running');
    await page.getByRole('button', { name: 'Cancel …' }).click();
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await page.locator('h1 [data-status=cancelled]').waitFor();
    await page.getByText('A long one: cancelled.').waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });

  it('are followed on when the service starts anew, and the page says that it was away', async () => {
    const { page } = await browser.open();
    const { id } = await service.submit({ ...LONG, name: 'Outlives the API' });
    await page.goto(`${service.url}/runs/view/?id=${id}`);
    await page.locator('h1 [data-status=running]').waitFor();
    // Parts of the page that come later come from the API, too.
    await page.locator('canvas').first().waitFor();
    await service.api.kill('SIGKILL');
    await page.getByText('No connection for').waitFor();
    await service.startApi();
    await page.getByText('No connection for').waitFor({ state: 'detached' });
    await service.post(`/v1/backtests/${id}/cancel`);
    await page.locator('h1 [data-status=cancelled]').waitFor();
    await page.close();
  });

  it('are tagged and deleted together', async () => {
    const { page, problems } = await browser.open();
    await page.goto(`${service.url}/runs/?status=cancelled`);
    await page.getByRole('checkbox', { name: 'Choose A long one' }).check();
    await page.getByRole('checkbox', { name: 'Choose Outlives the API' }).check();
    await page.getByRole('button', { name: 'Tag …' }).click();
    await page.getByRole('textbox', { name: 'Tag' }).fill('old');
    await page.getByRole('button', { name: 'Tag them' }).click();
    await page.getByText('2 runs tagged old.').waitFor();
    await page.getByRole('checkbox', { name: 'Choose A long one' }).check();
    await page.getByRole('button', { name: 'Delete …' }).click();
    await page.getByRole('button', { name: 'Delete them' }).click();
    await page.getByText('1 run deleted.').waitFor();
    await page.getByRole('link', { name: 'A long one' }).waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
    await page.close();
  });
});
