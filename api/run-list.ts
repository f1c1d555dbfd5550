import * as z from 'zod';
import { timeRange } from '../market-data/range.ts';
import type { RunQuery, RunRow } from '../results/runs.ts';
import { RUN_STATUSES } from '../shared/names.ts';
import { RunSummary } from '../shared/run.ts';
import { Moment } from '../shared/spec.ts';
import { Cursor, encodeCursor } from './cursor.ts';
import type { Places } from './places.ts';
import { toRunSummary } from './run-resource.ts';

const ONE = `(${RUN_STATUSES.join('|')})`;
const SomeStatuses = z.string().regex(new RegExp(`^${ONE}(,${ONE})*$`), `is none of ${RUN_STATUSES.join(', ')}`);

const Statuses = z
  .union([SomeStatuses, z.array(SomeStatuses)])
  .transform((given) => [given].flat().flatMap((each) => each.split(',')))
  .pipe(z.array(z.enum(RUN_STATUSES)))
  .describe(`Repeated or separated by commas: ${RUN_STATUSES.join(', ')}`);

/** The filters of a list, as they stand in its address. */
export const RunListQuery = z.strictObject({
  status: Statuses.optional(),
  strategy: z.string().max(64).optional(),
  symbol: z.string().max(32).optional(),
  tag: z.string().max(50).optional(),
  batch: z.uuid().optional().describe('Items of this batch'),
  q: z.string().min(1).max(200).optional().describe('Part of the name, in any case'),
  createdFrom: Moment.optional(),
  createdTo: Moment.optional(),
  sort: z.enum(['-createdAt', 'createdAt']).default('-createdAt').describe('Newest or oldest first'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: Cursor.optional().describe('nextCursor of the page before'),
});

type Filters = Omit<z.infer<typeof RunListQuery>, 'batch'> & { batch?: string | undefined };

/** The store's query for a page and one run more, which tells whether there is another page. */
export function toRunQuery(query: Filters): RunQuery {
  const { start, end } = timeRange({ from: query.createdFrom, to: query.createdTo });
  return {
    order: query.sort === 'createdAt' ? 'oldest' : 'newest',
    limit: query.limit + 1,
    ...(query.status && { statuses: query.status }),
    ...(query.strategy !== undefined && { strategy: query.strategy }),
    ...(query.symbol !== undefined && { symbol: query.symbol }),
    ...(query.tag !== undefined && { tag: query.tag }),
    ...(query.batch !== undefined && { batchId: query.batch }),
    ...(query.q !== undefined && { text: query.q }),
    ...(Number.isFinite(start) && { createdFrom: start }),
    ...(Number.isFinite(end) && { createdTo: end - 1 }),
    ...(query.cursor && { after: query.cursor }),
  };
}

export const RunPage = z.object({ items: z.array(RunSummary), nextCursor: z.string().nullable().describe('Null on the last page') });

/** What {@link toRunQuery} found, as a page. */
export function toRunPage(rows: readonly RunRow[], { limit }: { limit: number }, places: Places): z.infer<typeof RunPage> {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { items: page.map((row) => toRunSummary(row, places)), nextCursor: last ? encodeCursor(last) : null };
}
