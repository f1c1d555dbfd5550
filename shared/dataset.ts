import * as z from 'zod';
import { QualityReport } from './data-quality.ts';

/** What `GET /v1/datasets` says of a source. */
export const SourceInfo = z.object({
  source: z.string(),
  title: z.string(),
  description: z.string(),
  timeframes: z.array(z.string()).describe('What it holds; multiples of the shortest are made of that. ["any"] for generated data'),
  timeZone: z.string(),
  coverage: z
    .object({ symbols: z.int(), from: z.iso.date(), to: z.iso.date(), bars: z.int() })
    .optional()
    .describe('Over all symbols, where it is known'),
  columns: z.array(z.string()).optional().describe('Beside prices and volume; names for expressions'),
  quality: QualityReport.optional().describe('Of an upload: what was found in its bars'),
  universes: z.array(z.string()).optional().describe('Lists of symbols with the times of their membership, for data.universe'),
});
export type SourceInfo = z.infer<typeof SourceInfo>;

/** Coverage of one symbol of a source. */
export const SymbolInfo = z.object({
  symbol: z.string(),
  from: z.iso.date().nullable(),
  to: z.iso.date().nullable(),
  bars: z.int().nullable(),
  timeframe: z.string(),
  columns: z.array(z.string()).optional().describe('Beside prices and volume; names for expressions'),
});
export type SymbolInfo = z.infer<typeof SymbolInfo>;

/** How the bars of a dataset came from a metered source. */
export const DatasetOrigin = z.object({
  snapshot: z.iso.datetime().nullable().optional().describe('The table was read as it was then; null where it cannot be'),
  revised: z.literal(true).optional().describe('The time was too long ago to go back to: rows may have been changed since'),
  job: z.string().optional().describe('Of the query in BigQuery'),
  bytesBilled: z.int().optional(),
  via: z.enum(['rest']).optional().describe('rest: rows came by the slower way, because the quicker one is not allowed'),
});
export type DatasetOrigin = z.infer<typeof DatasetOrigin>;
