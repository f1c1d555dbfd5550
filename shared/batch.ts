import * as z from 'zod';
import { PageLink } from './page-link.ts';
import { BATCH_LIMIT, RUN_REQUESTS, RUN_STATUSES } from './names.ts';
import { RunError } from './run.ts';
import { BacktestSpec } from './spec.ts';
import { shortText } from './short-text.ts';

/** Many backtests to be accepted together, all or none. */
export const BatchSpec = z.strictObject({
  name: shortText(200).optional(),
  items: z.array(BacktestSpec).min(1).max(BATCH_LIMIT),
});
export type BatchSpec = z.infer<typeof BatchSpec>;

const Count = z.int().nonnegative();

export const Batch = z.object({
  id: z.uuid(),
  name: z.string(),
  status: z.enum(RUN_STATUSES).describe('completed: every item has ended, each in its own way'),
  requested: z.enum(RUN_REQUESTS).nullable().describe('What was asked of the batch and has not taken effect yet'),
  owner: z.string(),
  items: z.object(Object.fromEntries(RUN_STATUSES.map((status) => [status, Count]))).describe('Items by status'),
  progress: z.object({ fraction: z.number().min(0).max(1), done: Count, total: Count, unit: z.literal('items') }),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  error: RunError.nullable(),
  links: z.object({
    self: z.string(),
    items: z.string(),
    temporal: z.string().nullable().describe("The batch's page in Temporal Web"),
    page: PageLink,
  }),
});
export type Batch = z.infer<typeof Batch>;
