import { isAbsolute } from 'node:path';
import * as z from 'zod';
import { TIMEFRAME_PATTERN } from '../../shared/spec.ts';
import { companionTables } from '../companions/config.ts';
import { isTimeZone } from '../zone.ts';
import { BUCKET } from './storage.ts';

const Column = z.string().min(1).max(300);

const Columns = z.strictObject({
  ts: Column.default('ts'),
  open: Column.default('open'),
  high: Column.default('high'),
  low: Column.default('low'),
  close: Column.default('close'),
  volume: Column.default('volume'),
  symbol: Column.optional().describe('Also one that stands in the names of folders: symbol=AAPL/'),
  extra: z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'is not a name for expressions'), Column).default({}),
});

const Path = z
  .string()
  .refine((path) => isAbsolute(path) || BUCKET.test(path), 'is neither an absolute path of this machine nor s3://bucket/… or gs://bucket/…')
  .describe('A file, or a folder of which all files are read, also those in folders below; or the same in a bucket');
const Format = z.enum(['parquet', 'csv']).default('parquet');

/** A folder of Parquet or CSV files, or a single one. Unknown keys are refused. */
export const FilesSource = z
  .strictObject({
    kind: z.literal('files'),
    name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'is not a source name: small letters, digits and - only'),
    title: z.string().min(1).optional(),
    description: z.string().default(''),
    path: Path,
    format: Format,
    endpoint: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Of a server that speaks the protocol of the bucket'),
    region: z.string().min(1).optional(),
    columns: Columns.prefault({}),
    symbol: z.string().min(1).optional().describe('The only symbol of a table without a column for it'),
    symbolInFileName: z.boolean().default(false).describe('AAPL.parquet holds the bars of AAPL'),
    dayPartition: Column.optional().describe('Folders by day, date=2024-01-31/: others than those that were asked for are not read'),
    priceScale: z.number().positive().default(1).describe('Prices are multiplied by it: 0.01 for cents'),
    timeframe: z.string().regex(TIMEFRAME_PATTERN, 'write a number and a unit: 1m, 15m, 1h, 1d'),
    timeZone: z.string().refine(isTimeZone, 'is not an IANA time zone').default('UTC').describe('Of times that name no zone'),
    ...companionTables({ path: Path, format: Format }, Column),
  })
  .superRefine(({ columns, symbol, symbolInFileName }, context) => {
    const ways = [columns.symbol !== undefined, symbol !== undefined, symbolInFileName].filter(Boolean).length;
    if (ways !== 1)
      context.addIssue({
        code: 'custom',
        path: ['symbol'],
        message: 'say in one way which symbol a bar is of: columns.symbol, symbol, or symbolInFileName',
      });
  });
export type FilesSource = z.infer<typeof FilesSource>;
