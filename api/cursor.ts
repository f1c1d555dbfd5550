import * as z from 'zod';
import type { RunQuery } from '../results/runs.ts';

type Position = NonNullable<RunQuery['after']>;

const Encoded = z.tuple([z.int(), z.uuid()]);

/** The position after which a list goes on, as clients see it: opaque, so that it may change. */
export function encodeCursor({ createdAt, id }: Position): string {
  return Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');
}

/** `nextCursor` of an earlier page. */
export const Cursor = z
  .string()
  .max(200)
  .transform((text, context): Position => {
    const decoded = Encoded.safeParse(parsed(Buffer.from(text, 'base64url').toString()));
    if (decoded.success) return { createdAt: decoded.data[0], id: decoded.data[1] };
    context.addIssue({ code: 'custom', message: 'is not a cursor of this list: take nextCursor of an earlier page' });
    return z.NEVER;
  });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
