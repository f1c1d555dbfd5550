import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What secrets of each kind begin with, so that people and scanners of leaks know them. */
export const PREFIXES = { token: 'hf_', share: 'hfs_', ticket: 'hft_' } as const;
type SecretKind = keyof typeof PREFIXES;

/** Characters that are shown of a secret, its prefix among them: too few to guess the other 240 bits. */
const SHOWN = 8;

/** A new secret of 256 bits, with what is kept of it. A plain hash is enough: nobody can try out so many. */
export function newSecret(kind: SecretKind): { secret: string; hash: string; start: string } {
  const secret = PREFIXES[kind] + randomBytes(32).toString('base64url');
  return { secret, hash: hashOf(secret), start: secret.slice(0, SHOWN) };
}

export function hashOf(secret: string): string {
  return digest(secret).toString('hex');
}

/** Compares in a time that says nothing of where they differ. */
export function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
