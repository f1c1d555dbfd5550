import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { buildPage, pageFolder } from '../local/page.ts';
import type { RunSummary } from '../shared/run.ts';
import { startBrowser, whyNoBrowser, type TestBrowser } from '../test/browser/rig/browser.ts';
import { newHome, startApi } from './api/server.ts';
import { writeManyRows } from './api/many-rows.ts';
import { startBenchStack } from './stack.ts';

/** What the page costs its reader, by the browser's own clock: a run of 500,000 points, and a list of 100,000 runs. `--no-build` leaves out how long it is built. */

const POINTS = 500_000;
const RUNS = 100_000;
const LOADS = 5;
/** Between two movements of a hand. */
const MOVE_MS = 40;
const MOVES = 40;
const LONG_TASK_MS = 50;

const long = {
  name: 'Half a million points',
  data: { source: 'synthetic', symbols: ['SYN'], timeframe: '1m', synthetic: { bars: POINTS } },
  strategy: { name: 'sma-cross', params: { fast: 50, slow: 200 } },
  benchmark: 'SYN',
};

/** What a page saw of itself. Times are in ms since it was asked for. */
interface Seen {
  lcp: number;
  lcpOf: string;
  cls: number;
  tasks: { at: number; ms: number }[];
}

const why = await whyNoBrowser();
if (why !== null) throw new Error(why);
if (!process.argv.includes('--no-build')) measureBuild();
const folder = pageFolder();
await buildPage(folder);
const browser = await startBrowser();
try {
  await measureRun(browser);
  await measureList(browser);
} finally {
  await browser.close();
}

function measureBuild(): void {
  const web = path.resolve(import.meta.dirname, '../web');
  for (const [name, isCold] of [
    ['next build, nothing kept', true],
    ['next build, again', false],
  ] as const) {
    if (isCold) rmSync(path.join(web, '.next'), { recursive: true, force: true });
    const begun = performance.now();
    execFileSync('next', ['build'], {
      cwd: web,
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
      stdio: 'ignore',
    });
    print(name, `${((performance.now() - begun) / 1_000).toFixed(1)} s`);
  }
}

async function measureRun({ browser: chromium }: TestBrowser): Promise<void> {
  const stack = await startBenchStack();
  try {
    const url = `${stack.url}/runs/view/?id=${await completed(stack.url)}`;
    const loads: (Seen & { script: number })[] = [];
    for (let round = 0; round < LOADS; round++) {
      const context = await chromium.newContext({ viewport: { width: 1_280, height: 800 } });
      const page = await context.newPage();
      const script = await opened(page, url, async () => {
        await page.getByRole('heading', { name: 'Returns by month' }).waitFor();
        await page.locator('canvas').first().waitFor();
      });
      loads.push({ ...(await seen(page)), script });
      if (round === LOADS - 1) await moveAround(page);
      await context.close();
    }
    const lcp = loads.map((load) => load.lcp).toSorted((a, b) => a - b);
    print(
      `run of ${POINTS} points: largest paint`,
      `median ${lcp[Math.floor(LOADS / 2)]!.toFixed(0)} ms, worst ${lcp.at(-1)!.toFixed(0)} ms (${loads[0]!.lcpOf})`,
    );
    print('layout shift', Math.max(...loads.map(({ cls }) => cls)).toFixed(4));
    print('longest task while it loads', tasksOf(loads.at(-1)!, 0));
    print('script at first load, gzip', `${(loads[0]!.script / 1_024).toFixed(0)} KiB`);
  } finally {
    await stack.stop();
  }
}

async function moveAround(page: Page): Promise<void> {
  const chart = (await page.getByRole('img', { name: /^Equity, drawdown and price/ }).boundingBox())!;
  const [x, y] = [chart.x + chart.width * 0.6, chart.y + 120];
  await page.mouse.move(x, y);
  await measured(page, 'zooming in and out', async () => {
    for (const by of [-120, 120]) for (let move = 0; move < MOVES; move++) await wheel(page, 0, by);
  });
  await measured(page, 'moving along the curve', async () => {
    for (let move = 0; move < MOVES / 2; move++) await wheel(page, 0, -120);
    await page.mouse.down();
    for (let move = 0; move < MOVES; move++) {
      await page.mouse.move(x - 10 * move, y);
      await delay(MOVE_MS);
    }
    await page.mouse.up();
  });
  await measured(page, 'the crosshair', async () => {
    for (let move = 0; move < MOVES; move++) {
      await page.mouse.move(chart.x + 20 * move, y);
      await delay(MOVE_MS);
    }
  });
  await page.mouse.move(80, 400);
  await measured(page, 'scrolling the page', async () => {
    for (const by of [120, -120]) for (let move = 0; move < MOVES / 2; move++) await wheel(page, 0, by);
  });
  await page.getByRole('tab', { name: 'Trades' }).click();
  await page.getByRole('row').nth(5).hover();
  await delay(1_000);
  await measured(page, 'scrolling its trades', async () => {
    for (let move = 0; move < MOVES; move++) await wheel(page, 0, 600);
  });
}

async function measureList({ browser: chromium }: TestBrowser): Promise<void> {
  const { home, file, remove } = newHome();
  await writeManyRows(file, RUNS);
  process.env['HOLDFAST_PAGE'] = folder;
  const api = await startApi(home);
  try {
    const page = await (await chromium.newContext({ viewport: { width: 1_280, height: 800 } })).newPage();
    const script = await opened(page, `${api.url}/runs/`, () => page.getByRole('row').nth(20).waitFor());
    const { lcp, cls } = await seen(page);
    print(
      `list of ${RUNS} runs: largest paint`,
      `${lcp.toFixed(0)} ms, layout shift ${cls.toFixed(4)}, script ${(script / 1_024).toFixed(0)} KiB`,
    );
    let rows = 0;
    await page.getByRole('row').nth(5).hover();
    await measured(page, 'scrolling it', async () => {
      for (let move = 0; move < 3 * MOVES; move++) {
        await wheel(page, 0, 600);
        rows = Math.max(rows, await page.locator('tr').count());
      }
    });
    print('rows in the document at most', String(rows));
  } finally {
    await api.stop();
    remove();
  }
}

async function completed(url: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/backtests`, { method: 'POST', headers, body: JSON.stringify(long) });
  const { id, links } = (await answer.json()) as RunSummary;
  for (;;) {
    const run = (await (await fetch(url + links.self)).json()) as RunSummary;
    if (run.status === 'completed') return id;
    if (run.finishedAt !== null) throw new Error(`the run ended as ${run.status}: ${run.error?.message}`);
    await delay(100);
  }
}

/** Opens a page until it is complete and quiet; resolves to the bytes of its scripts, each packed by gzip as a host sends it. */
async function opened(page: Page, url: string, complete: () => Promise<void>): Promise<number> {
  const sizes: Promise<number>[] = [];
  page.on('response', (answer) => {
    if (answer.request().resourceType() === 'script') sizes.push(answer.body().then((body) => gzipSync(body, { level: 9 }).length));
  });
  await page.addInitScript(watch);
  await page.goto(url);
  await complete();
  await delay(1_500);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Runs in the page, before all else. */
function watch(): void {
  const seen: Seen = { lcp: 0, lcpOf: '', cls: 0, tasks: [] };
  Object.assign(window, { seen });
  const observe = (type: string, each: (entry: PerformanceEntry & Record<string, unknown>) => void): void =>
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => each(entry as never))).observe({ type, buffered: true });
  observe('largest-contentful-paint', ({ startTime, element }) => {
    seen.lcp = startTime;
    seen.lcpOf = (element as Element | null)?.textContent?.slice(0, 40) ?? '';
  });
  observe('layout-shift', ({ value, hadRecentInput }) => {
    if (hadRecentInput !== true) seen.cls += value as number;
  });
  observe('longtask', ({ startTime, duration }) => seen.tasks.push({ at: startTime, ms: duration }));
}

function seen(page: Page): Promise<Seen> {
  return page.evaluate(() => (window as unknown as { seen: Seen }).seen);
}

/** Prints the longest of the tasks that a movement made. */
async function measured(page: Page, name: string, move: () => Promise<void>): Promise<void> {
  const from = await page.evaluate(() => performance.now());
  await move();
  await delay(500);
  print(name, tasksOf(await seen(page), from));
}

function tasksOf({ tasks }: Seen, from: number): string {
  const late = tasks.filter(({ at }) => at >= from).map(({ ms }) => ms);
  return late.length === 0
    ? `no task above ${LONG_TASK_MS} ms`
    : `${late.length} above ${LONG_TASK_MS} ms, the longest ${Math.max(...late).toFixed(0)} ms`;
}

async function wheel(page: Page, x: number, y: number): Promise<void> {
  await page.mouse.wheel(x, y);
  await delay(MOVE_MS);
}

function print(name: string, text: string): void {
  process.stdout.write(`${name.padEnd(46)} ${text}\n`);
}
