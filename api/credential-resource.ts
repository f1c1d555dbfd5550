import type { Credential } from '../results/credentials.ts';
import type { Share, Token } from '../shared/credential.ts';
import { isoTime } from './run-resource.ts';

export function toToken(credential: Credential): Token {
  const { name, scopes } = credential;
  return { ...common(credential), name, scopes };
}

/** `runId` is there in every share. */
export function toShare(credential: Credential): Share {
  return { ...common(credential), run: credential.runId! };
}

function common({ id, start, createdAt, expiresAt, lastUsedAt }: Credential) {
  return {
    id,
    start,
    createdAt: isoTime(createdAt),
    expiresAt: expiresAt === null ? null : isoTime(expiresAt),
    lastUsedAt: lastUsedAt === null ? null : isoTime(lastUsedAt),
  };
}
