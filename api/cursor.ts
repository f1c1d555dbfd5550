import * as z from 'zod';
import type { RunQuery } from '../results/runs.ts';

type Position = NonNullable<RunQuery['after']>;

const FORM = /^[0-9a-z]{1,10}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The position after which a list goes on. What it is made of is nobody's business, so that it may change. */
export function encodeCursor({ createdAt, id }: Position): string {
  return `${createdAt.toString(36)}_${id}`;
}

/** `nextCursor` of an earlier page. */
export const Cursor = z
  .string()
  .regex(FORM, 'is not a cursor of this list: take nextCursor of an earlier page')
  .transform((text): Position => {
    const [createdAt = '', id = ''] = text.split('_');
    return { createdAt: parseInt(createdAt, 36), id };
  });
