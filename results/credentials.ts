import type { Scope } from '../shared/credential.ts';

/**
 * A secret that stands for an owner, as the store keeps it; of the secret itself only its hash is kept. A `token` is for programs, a `share` reads
 * one run, a `ticket` opens one event stream. Times are milliseconds since 1970 UTC.
 */
export interface Credential {
  id: string;
  kind: 'token' | 'share' | 'ticket';
  owner: string;
  name: string;
  /** The first characters of the secret, by which people tell theirs apart. */
  start: string;
  scopes: Scope[];
  /** The one run that it reads; null for all of the owner's. Goes with the run. */
  runId: string | null;
  createdAt: number;
  expiresAt: number | null;
  lastUsedAt: number | null;
}

/** The intents of a result store that are about secrets; each is one transaction. */
export interface CredentialStore {
  /** Keeps a new one; false where the owner has `most` of the kind that have not expired. */
  addCredential(credential: Credential & { hash: string }, most: number): Promise<boolean>;
  /** The one with this hash, unless it has expired; its use is noted, and a ticket is used up by it. */
  useCredential(hash: string, at: number): Promise<Credential | null>;
  /** The owner's, newest first, expired ones too. */
  listCredentials(owner: string, kind: Credential['kind']): Promise<Credential[]>;
  /** From now on it is worth nothing. False when the owner has none of this id. */
  removeCredential(owner: string, kind: Credential['kind'], id: string): Promise<boolean>;
}
