import * as z from 'zod';
import { UsageError } from './context.ts';
import type { HttpClient } from './http-client.ts';

const Page = z.object({ items: z.array(z.object({ id: z.string() })), nextCursor: z.string().nullable() });

/** The full id of the schedule that `text` names: an id, or the beginning of exactly one. */
export async function resolveScheduleId(client: HttpClient, text: string): Promise<string> {
  if (z.uuid().safeParse(text).success) return text.toLowerCase();
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = Page.parse(await client.json({ path: '/v1/schedules', query: { limit: 100, cursor } }));
    found.push(...page.items.map(({ id }) => id).filter((id) => id.startsWith(text.toLowerCase())));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const [only, another] = found;
  if (only === undefined) throw new UsageError(`No schedule has an id that begins with "${text}". \`holdfast schedule list\` lists them.`);
  if (another !== undefined)
    throw new UsageError(`"${text}" is the beginning of ${found.length} ids; give more of it:\n  ${found.join('\n  ')}`);
  return only;
}
