import * as z from 'zod';
import { QualityFinding, QualityReport } from './data-quality.ts';

/** What was found in the bars of one symbol when they were last looked at, before they were adjusted or put together to slower ones. */
const SymbolQuality = z.object({
  checkedAt: z.iso.datetime(),
  timeframe: z.string().describe('Of the bars that were looked at'),
  from: z.iso.datetime().nullable().describe('Time of the first of them'),
  to: z.iso.datetime().nullable().describe('Time of the last of them'),
  calendar: QualityReport.shape.calendar,
  bars: z.int(),
  findings: z.array(QualityFinding).describe('In the order of the checks; none for clean data'),
});
export type SymbolQuality = z.infer<typeof SymbolQuality>;

/** What `GET /v1/datasets` says of a source. */
export const SourceInfo = z.object({
  source: z.string(),
  title: z.string(),
  description: z.string(),
  timeframes: z.array(z.string()).describe('What it holds; multiples of the shortest are made of that. ["any"] for generated data'),
  timeZone: z.string(),
  coverage: z
    .object({
      symbols: z.int(),
      from: z.iso.date(),
      to: z.iso.date(),
      bars: z.int(),
      asOf: z.iso.datetime().optional().describe('When the source said so, where it is not asked for each list'),
    })
    .optional()
    .describe('Over all symbols, where it is known'),
  columns: z.array(z.string()).optional().describe('Beside prices and volume; names for expressions'),
  quality: QualityReport.optional().describe('Of an upload: what was found in its bars'),
  checked: z
    .object({ symbols: z.int(), flawed: z.int(), at: z.iso.datetime() })
    .optional()
    .describe('Of other sources: of how many symbols a run has fetched bars, of how many of them something was found, and when last'),
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
  quality: SymbolQuality.optional().describe('What was found when a run last fetched its bars, or when they were uploaded'),
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
