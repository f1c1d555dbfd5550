import * as z from 'zod';
import { ArtifactRef } from './artifact.ts';
import { QualityReport } from './data-quality.ts';
import { SymbolInfo } from './dataset.ts';

/** In front of the name of an upload, in `data.source`. */
export const UPLOAD_PREFIX = 'upload:';

export const UploadName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,49}$/, 'begin with a small letter or a digit, then small letters, digits, - and _: at most 50');

/** Bars that an owner has stored under a name. A later upload of that name takes its place; datasets that were made of it stay. */
export const Upload = z.object({
  owner: z.string(),
  name: UploadName,
  /** The bars, as a dataset. */
  ref: ArtifactRef,
  timeframe: z.string(),
  symbols: z.array(SymbolInfo),
  quality: QualityReport,
  /** Milliseconds since 1970 UTC. */
  createdAt: z.int(),
});
export type Upload = z.infer<typeof Upload>;
