import * as z from 'zod';
import { Cursor } from './cursor.ts';

/** Which part of a list is asked for. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: Cursor.optional().describe('nextCursor of an earlier page'),
});

/** A part of a list, with the cursor of the next one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable().describe('Null on the last page') });
}
