import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Submission } from '../results/runs.ts';
import { canonicalJson } from '../shared/canonical-json.ts';

const KEPT_MS = 24 * 3_600_000;

// A string of RFC 9651: printable ASCII in quotes, with \" and \\ as the only escapes.
const QUOTED = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"$/;
const BARE = /^[\w!#$%&'*+.^`|~:/-]{1,255}$/;

/** The Idempotency-Key header, quoted as the draft asks or bare as most clients send it. */
export const IdempotencyKey = z
  .string()
  .regex(
    new RegExp(`${QUOTED.source}|${BARE.source}`),
    'write up to 255 characters of printable ASCII, in double quotes: "8e03978e-40d5-43dd-bc93-6894a57f9324"',
  )
  .transform((text) => QUOTED.exec(text)?.[1]?.replace(/\\(.)/g, '$1') ?? text)
  .describe(
    'Repeating a request with the same key and payload within 24 hours gives the run that was accepted first; another payload is refused',
  );

/** What the store keeps of a key: the same payload has the same fingerprint, however it was written. */
export function idempotencyOf(key: string | undefined, payload: unknown): Submission['idempotency'] {
  if (key === undefined) return null;
  return { key, fingerprint: createHash('sha256').update(canonicalJson(payload)).digest('hex'), expiresAt: Date.now() + KEPT_MS };
}
