import * as z from 'zod';

/** A text that people read, of so many characters at most; spaces around it do not count. */
export function shortText(most: number) {
  return z.string().max(most).regex(/\S/, 'is empty').trim();
}
