import * as z from 'zod';

/** Object storage signs for a week at most. */
const MOST_MINUTES = 7 * 24 * 60;

export const FileLinksSpec = z.strictObject({
  expiresInMinutes: z.int().min(1).max(MOST_MINUTES).default(60),
});

/** Files of a run that the API makes, by their addresses below that of the run. */
export const SIGNED_FILES = [
  { name: 'report.html', address: 'report' },
  { name: 'bundle.zip', address: 'bundle' },
  { name: 'result.json', address: 'result' },
  ...['equity', 'trades', 'orders', 'logs'].flatMap((series) =>
    ['csv', 'parquet'].map((format) => ({ name: `${series}.${format}`, address: `${series}?format=${format}` })),
  ),
] as const;

/** Series that are kept as files of their own. */
export const STORED_SERIES = ['curve', 'trades', 'orders', 'plots'] as const;

export const FileLinks = z.object({
  expiresAt: z.iso.datetime(),
  files: z.array(z.object({ name: z.string(), url: z.string() })),
  stored: z
    .array(z.object({ name: z.enum(STORED_SERIES), url: z.string(), bytes: z.int(), rows: z.int(), sha256: z.string() }))
    .describe('In object storage; empty where files lie in a folder'),
});
export type FileLinks = z.infer<typeof FileLinks>;
