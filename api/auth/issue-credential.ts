import { v7 as uuidv7 } from 'uuid';
import type { Credential, CredentialStore } from '../../results/credentials.ts';
import { HoldfastError } from '../../shared/errors.ts';
import type { Identity } from './identity.ts';
import { newSecret } from './secrets.ts';

/** How many of a kind an owner may have that have not expired. */
const MOST: Record<Credential['kind'], number> = { token: 100, share: 1_000, ticket: 1_000 };

interface Wanted extends Pick<Credential, 'kind' | 'name' | 'scopes' | 'runId'> {
  lifetimeMs: number;
}

/** Makes a secret that stands for whoever asks; it is known to nobody afterwards. Fails with `too_many_of_a_kind`. */
export async function issueCredential(
  store: CredentialStore,
  { owner }: Identity,
  { lifetimeMs, ...wanted }: Wanted,
): Promise<{ secret: string; credential: Credential }> {
  const { secret, hash, start } = newSecret(wanted.kind);
  const createdAt = Date.now();
  const credential = { id: uuidv7(), owner, start, ...wanted, createdAt, expiresAt: createdAt + lifetimeMs, lastUsedAt: null };
  const most = MOST[wanted.kind];
  if (await store.addCredential({ ...credential, hash }, most)) return { secret, credential };
  throw new HoldfastError('too_many_of_a_kind', `There are ${most} ${wanted.kind}s already. Remove some that are not needed.`);
}
