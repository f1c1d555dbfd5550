import { expect, it } from 'vitest';
import { Cursor, encodeCursor } from './cursor.ts';

const position = { createdAt: 1_700_000_000_123, id: '01a20977-b12b-711c-a9f0-f29d18593d2c' };

it('a cursor gives back the position it was made of, and is fit for an address', () => {
  const cursor = encodeCursor(position);
  expect(cursor).toMatch(/^[\w-]+$/);
  expect(Cursor.parse(cursor)).toEqual(position);
});

it.each(['', 'abc', Buffer.from('[1]').toString('base64url'), Buffer.from('[1.5,"x"]').toString('base64url'), 'x'.repeat(201)])(
  'a cursor that was made up is refused: %j',
  (text) => expect(Cursor.safeParse(text).success).toBe(false),
);
