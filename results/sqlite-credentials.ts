import type { Credential, CredentialStore } from './credentials.ts';
import type { Connection } from './sqlite-connection.ts';
import { json, type SqliteRow } from './sqlite-rows.ts';

const ADD = `INSERT INTO credentials (id, kind, owner, name, start, hash, scopes, run_id, created_at, expires_at, last_used_at)
  VALUES (:id, :kind, :owner, :name, :start, :hash, :scopes, :runId, :createdAt, :expiresAt, :lastUsedAt)`;
const COUNT = `SELECT count(*) AS count FROM credentials WHERE owner = ? AND kind = ? AND (expires_at IS NULL OR expires_at > ?)`;
/** A use is written down once in so long: reads should not wait for writes. */
const NOTED_EVERY_MS = 60_000;

interface Transactions {
  read: <T>(statements: () => T) => Promise<T>;
  write: <T>(statements: () => T) => Promise<T>;
}

/** What of a store is about secrets. */
export function credentialIntents(connection: Connection, { read, write }: Transactions): CredentialStore {
  const find = (hash: string, at: number): Credential | null => {
    const row = connection.one('SELECT * FROM credentials WHERE hash = ? AND (expires_at IS NULL OR expires_at > ?)', hash, at);
    return row ? toCredential(row) : null;
  };
  return {
    addCredential: (credential, most) => write(() => add(connection, credential, most)),
    useCredential: async (hash, at) => {
      const known = await read(() => find(hash, at));
      if (known === null) return null;
      if (known.kind === 'ticket') return write(() => (remove(connection, known) ? known : null));
      if (at - (known.lastUsedAt ?? -Infinity) >= NOTED_EVERY_MS)
        await write(() => connection.run('UPDATE credentials SET last_used_at = :at WHERE id = :id', { at, id: known.id }));
      return known;
    },
    listCredentials: (owner, kind) =>
      read(() =>
        connection
          .all('SELECT * FROM credentials WHERE owner = ? AND kind = ? ORDER BY created_at DESC, id DESC', owner, kind)
          .map(toCredential),
      ),
    removeCredential: (owner, kind, id) => write(() => remove(connection, { owner, kind, id })),
  };
}

function add(connection: Connection, { scopes, ...credential }: Credential & { hash: string }, most: number): boolean {
  const { owner, kind, createdAt } = credential;
  // Nobody looks at tickets: those that were not used go when the next one is made.
  connection.run("DELETE FROM credentials WHERE kind = 'ticket' AND expires_at <= :createdAt", { createdAt });
  if (Number(connection.one(COUNT, owner, kind, createdAt)!['count']) >= most) return false;
  connection.run(ADD, { ...credential, scopes: JSON.stringify(scopes) });
  return true;
}

function remove(connection: Connection, { owner, kind, id }: Pick<Credential, 'owner' | 'kind' | 'id'>): boolean {
  return connection.run('DELETE FROM credentials WHERE owner = :owner AND kind = :kind AND id = :id', { owner, kind, id }) > 0;
}

function toCredential(row: SqliteRow): Credential {
  return {
    id: row['id'],
    kind: row['kind'],
    owner: row['owner'],
    name: row['name'],
    start: row['start'],
    scopes: json(row['scopes']),
    runId: row['run_id'],
    createdAt: row['created_at'],
    expiresAt: row['expires_at'],
    lastUsedAt: row['last_used_at'],
  } as Credential;
}
