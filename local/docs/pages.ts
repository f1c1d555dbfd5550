import { indicatorsPage } from './indicators-page.ts';
import { metricsPage } from './metrics-page.ts';

/** The pages that are made from the code, by their path: `npm run docs` writes them, and a test fails when one is stale. */
export const PAGES: Readonly<Record<string, () => string>> = {
  'docs/indicators.md': indicatorsPage,
  'docs/metrics.md': metricsPage,
};
