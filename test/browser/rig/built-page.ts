import { buildPage, pageFolder } from '../../../local/page.ts';
import { whyNoBrowser } from './browser.ts';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the built page: `HOLDFAST_PAGE` of the service. */
    pageFolder: string;
    /** Why tests in a browser cannot run here; null where they can. */
    noBrowser: string | null;
  }
}

/** Builds the page once for all tests in a browser, unless the sources have not changed since the last time. */
export async function setup(project: TestProject): Promise<void> {
  const noBrowser = await whyNoBrowser();
  if (noBrowser !== null) process.stderr.write(`Tests in a browser are skipped: ${noBrowser}\n`);
  const folder = pageFolder();
  if (noBrowser === null) await buildPage(folder);
  project.provide('pageFolder', folder);
  project.provide('noBrowser', noBrowser);
}
