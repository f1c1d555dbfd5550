import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { createFileCache } from '../artifacts/file-cache.ts';
import { BigQuerySource } from './bigquery/config.ts';
import { createBigQuerySource } from './bigquery/source.ts';
import { FilesSource } from './files/config.ts';
import { createFilesSource } from './files/source.ts';
import type { BarSource } from './source.ts';

/** Names that need no configuration, or that are made of something else. */
const TAKEN = ['sample', 'synthetic', 'upload'];

/** What the file that `HOLDFAST_SOURCES` names holds. */
const SourcesFile = z.strictObject({
  sources: z.array(z.discriminatedUnion('kind', [BigQuerySource, FilesSource])).superRefine((sources, context) => {
    const seen = new Set(TAKEN);
    for (const [index, { name }] of sources.entries()) {
      if (seen.has(name)) context.addIssue({ code: 'custom', path: [index, 'name'], message: `"${name}" is taken` });
      seen.add(name);
    }
  }),
});

/**
 * The sources of a file; none where no file is named. Throws with every fault at once. Nothing is connected, and no client library is loaded, before
 * a source is asked for something.
 */
export function configuredSources(file: string | undefined, { home, cacheMb }: { home: string; cacheMb: number }): BarSource[] {
  if (file === undefined) return [];
  const cache = createFileCache({ folder: join(home, 'cache', 'buckets'), bytes: cacheMb * 2 ** 20 });
  const parsed = SourcesFile.safeParse(readJson(file));
  if (!parsed.success) throw new Error(`HOLDFAST_SOURCES=${file} is not valid.\n${z.prettifyError(parsed.error)}`);
  return parsed.data.sources.map((source) => (source.kind === 'files' ? createFilesSource(source, cache) : createBigQuerySource(source)));
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`HOLDFAST_SOURCES=${file} could not be read as JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
