import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startBrowser, type TestBrowser } from './rig/browser.ts';
import { longRun } from '../rig/specs.ts';
import { startService, type Service } from '../rig/service.ts';

const SECONDS = 5;

describe.skipIf(inject('noBrowser') !== null)('a run that somebody watches', () => {
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

  it('goes on by itself when its worker is killed and when the API is started again, and its bar never goes back', async () => {
    const worker = await service.startWorker();
    const { id } = await service.submit(longRun(SECONDS));
    const { page } = await browser.open();
    await page.goto(`${service.url}/runs/view/?id=${id}`);
    await page.getByRole('progressbar').waitFor();
    await page.evaluate(() => {
      const seen: number[] = [];
      Object.assign(window, { seen });
      const look = (): void => {
        const value = document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow');
        if (value !== null && value !== undefined && Number(value) !== seen.at(-1)) seen.push(Number(value));
      };
      new MutationObserver(look).observe(document.body, { subtree: true, attributes: true, childList: true });
    });
    await service.until(id, ({ progress }) => progress.fraction > 0.1);
    await worker.kill('SIGKILL');
    await service.startWorker();
    await service.until(id, ({ progress }) => progress.fraction > 0.3);
    await service.api.kill('SIGKILL');
    await service.startApi();
    await page.locator('[data-status=completed]').waitFor({ timeout: 60_000 });
    const seen = await page.evaluate(() => (window as unknown as { seen: number[] }).seen);
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    const { metrics } = await service.completed(id);
    expect(metrics.trades).toBeGreaterThan(0);
    await page.close();
  });
});
