import * as z from 'zod';
import type { RunKind } from '../shared/names.ts';
import { UsageError } from './context.ts';
import type { HttpClient } from './http-client.ts';

const LEAST_PREFIX = 8;
/** The id is made a moment before the row. */
const CLOCK_SLACK_MS = 5_000;

const Page = z.object({ items: z.array(z.object({ id: z.string() })), nextCursor: z.string().nullable() });

/** The full id of the run that `text` names: an id, or the beginning of exactly one, of 8 characters or more. */
export async function resolveRunId(client: HttpClient, text: string, kind: RunKind = 'backtest'): Promise<string> {
  if (z.uuid().safeParse(text).success) return text.toLowerCase();
  const digits = text.toLowerCase().replaceAll('-', '');
  if (!/^[0-9a-f]+$/.test(digits) || digits.length < LEAST_PREFIX) {
    throw new UsageError(`"${text}" is not the id of a run or sweep: give the whole id, or its first ${LEAST_PREFIX} characters or more.`);
  }
  const found = await idsThatBegin(client, digits, kind);
  const [only, another] = found;
  if (only === undefined)
    throw new UsageError(
      `No ${kind} has an id that begins with "${text}". \`holdfast ${kind === 'sweep' ? 'sweep ls' : 'ls'}\` lists them.`,
    );
  if (another !== undefined)
    throw new UsageError(`"${text}" is the beginning of ${found.length} ids; give more of it:\n  ${found.join('\n  ')}`);
  return only;
}

/** Ids are UUIDv7 (RFC 9562): their first 48 bits are the milliseconds at which the run was accepted, so a beginning is a range of time. */
async function idsThatBegin(client: HttpClient, digits: string, kind: RunKind): Promise<string[]> {
  const from = Number.parseInt(digits.slice(0, 12).padEnd(12, '0'), 16) - CLOCK_SLACK_MS;
  const to = Number.parseInt(digits.slice(0, 12).padEnd(12, 'f'), 16) + CLOCK_SLACK_MS;
  if (to > Date.UTC(9999, 0)) return [];
  const range = { createdFrom: new Date(Math.max(from, 0)).toISOString(), createdTo: new Date(to).toISOString() };
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = Page.parse(await client.json({ path: `/v1/${kind}s`, query: { ...range, limit: 200, cursor } }));
    found.push(...page.items.map(({ id }) => id).filter((id) => id.replaceAll('-', '').startsWith(digits)));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
