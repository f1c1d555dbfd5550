import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** Widths at which pages are looked at: a phone, a laptop, a wide screen. */
const WIDTHS = { phone: 390, laptop: 1280, wide: 1920 } as const;
const HEIGHTS: Record<keyof typeof WIDTHS, number> = { phone: 844, laptop: 800, wide: 1080 };
const SCHEMES = ['light', 'dark'] as const;
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** As root there is no sandbox to be had; the pages are our own. */
const ARGUMENTS = ['--disable-gpu', '--disable-dev-shm-usage', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];

/** A browser as tests see it. */
export interface TestBrowser {
  browser: Browser;
  /** A page of a fresh profile, whose errors are noted. */
  open(options?: { width?: keyof typeof WIDTHS; scheme?: (typeof SCHEMES)[number]; context?: BrowserContext }): Promise<WatchedPage>;
  close(): Promise<void>;
}
interface WatchedPage {
  page: Page;
  /** What the console said that no user should meet, and errors that nobody caught. */
  problems: string[];
}

/** Why there is no browser here; null where there is one. */
export async function whyNoBrowser(): Promise<string | null> {
  return findBrowser() === null ? 'no Chromium was found: install one (apt-get install chromium) or name it by CHROMIUM' : null;
}

/** CHROMIUM, one on PATH, or the one that Playwright has downloaded. */
function findBrowser(): string | null {
  const given = process.env['CHROMIUM'];
  if (given) return given;
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const onPath = folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find((file) => existsSync(file));
  if (onPath !== undefined) return onPath;
  const own = chromium.executablePath();
  return existsSync(own) ? own : null;
}

export async function startBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({ executablePath: findBrowser()!, args: ARGUMENTS });
  return {
    browser,
    async open({ width = 'laptop', scheme = 'light', context } = {}) {
      const size = { width: WIDTHS[width], height: HEIGHTS[width] };
      const profile =
        context ?? (await browser.newContext({ viewport: size, colorScheme: scheme, locale: 'en-GB', timezoneId: 'Europe/Berlin' }));
      const page = await profile.newPage();
      return { page, problems: watch(page) };
    },
    close: () => browser.close(),
  };
}

function watch(page: Page): string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  return problems;
}

/** Violations of WCAG 2.2 AA on a page as it is, each with where it is; in both themes. */
export async function violations(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const scheme of SCHEMES) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.waitForFunction((wanted) => document.documentElement.dataset['theme'] === wanted, scheme);
    for (const each of await violationsAsItIs(page)) found.push(`${scheme}: ${each}`);
  }
  return found;
}

/** In the theme that is shown: for a page whose own code does not run. */
export async function violationsAsItIs(page: Page): Promise<string[]> {
  const { violations: broken } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze();
  return broken.flatMap(({ id, nodes }) => nodes.map((node) => `${id} at ${node.target.join(' ')}: ${node.failureSummary ?? ''}`));
}

/** Pictures of a page at all widths in both themes, where SCREENSHOTS names a folder for them. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const before = page.viewportSize();
  for (const [width, pixels] of Object.entries(WIDTHS))
    for (const scheme of SCHEMES) {
      await page.setViewportSize({ width: pixels, height: HEIGHTS[width as keyof typeof WIDTHS] });
      await page.emulateMedia({ colorScheme: scheme });
      // Charts are drawn anew in the next frames.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      await page.screenshot({ path: path.join(folder, `${name}-${width}-${scheme}.png`) });
    }
  if (before) await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: 'light' });
}
