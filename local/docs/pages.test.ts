import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { INDICATORS } from '../../engine/indicators/catalog.ts';
import { METRICS } from '../../shared/metrics.ts';
import { PROJECT } from '../config.ts';
import { indicatorsPage } from './indicators-page.ts';
import { metricsPage } from './metrics-page.ts';
import { PAGES } from './pages.ts';

describe('the pages that are made from the code', () => {
  it.each(Object.keys(PAGES))('%s is what `npm run docs` writes', (file) => {
    expect(readFileSync(path.join(PROJECT, file), 'utf8')).toBe(PAGES[file]!());
  });
});

describe('the page of metrics', () => {
  it('explains every metric in a row of its own', () => {
    const rows = metricsPage()
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) =>
        line
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    for (const [name, { title }] of Object.entries(METRICS)) {
      expect(rows).toContainEqual([`\`${name}\``, title, ...Array.from({ length: 5 }, () => expect.any(String) as string)]);
    }
  });
});

describe('the page of indicators', () => {
  it('describes every indicator, with its call and what it reads', () => {
    const page = indicatorsPage();
    for (const { description } of INDICATORS.values()) expect(page).toContain(description.replaceAll('|', '\\|'));
    expect(page).toContain('| `bollinger(series, period = 20, deviations = 2)` | `middle` `upper` `lower` | – |');
    expect(page).toContain('| `atr(period = 14)` | – | high, low, close |');
    expect(page).toContain('| `correlation(series, series, period)` | – | – |');
  });
});
