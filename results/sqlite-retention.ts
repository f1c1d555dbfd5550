import type { NamingTable, RetentionStore } from './retention.ts';
import type { Connection } from './sqlite-connection.ts';
import { json } from './sqlite-rows.ts';

/** Key and JSON columns of the tables that name files. */
const NAMING: Readonly<Record<NamingTable, { key: string; holders: string[] }>> = {
  runs: { key: 'id', holders: ['result', 'checkpoint'] },
  trial_shards: { key: "sweep_id || '/' || family || '/' || printf('%010d', first)", holders: ['ref'] },
  trial_tables: { key: "printf('%020d', id)", holders: ['ref'] },
  uploads: { key: "owner || '/' || name", holders: ['ref'] },
};

const IS_FINISHED = "status IN ('completed', 'failed', 'cancelled')";

const OWNED_TABLES = `SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'owner' WHERE m.type = 'table'`;

interface Transactions {
  read: <T>(statements: () => T) => Promise<T>;
  write: <T>(statements: () => T) => Promise<T>;
}

/** What of a store is about how long things are kept. */
export function retentionIntents(connection: Connection, { read, write }: Transactions): RetentionStore {
  return {
    namingRows: (table, after, limit) =>
      read(() => {
        const { key, holders } = NAMING[table];
        const sql = `SELECT ${key} AS key, ${holders.join(', ')} FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ?`;
        const rows = connection.all(sql, after, limit);
        const next = rows.length < limit ? null : String(rows.at(-1)!['key']);
        return { holders: rows.flatMap((row) => holders.map((holder) => json(row[holder]))), next };
      }),
    removeFinished: (before, limit) =>
      write(() => {
        const finished = (table: string) => `SELECT id FROM ${table} WHERE ${IS_FINISHED} AND finished_at < :before LIMIT :limit`;
        const runs = connection.run(`DELETE FROM runs WHERE id IN (${finished('runs')})`, { before, limit });
        // A batch goes after its items.
        const without = 'NOT EXISTS (SELECT 1 FROM runs WHERE runs.batch_id = batches.id)';
        return runs + connection.run(`DELETE FROM batches WHERE id IN (${finished('batches')}) AND ${without}`, { before, limit });
      }),
    forget: (owner) => write(() => forget(connection, owner)),
  };
}

/** To be called in a transaction. */
function forget(connection: Connection, owner: string): boolean {
  for (const table of ['runs', 'batches']) {
    if (connection.one(`SELECT 1 FROM ${table} WHERE owner = ? AND NOT ${IS_FINISHED} LIMIT 1`, owner)) return false;
  }
  connection.all('PRAGMA defer_foreign_keys = ON');
  for (const { name } of connection.all(OWNED_TABLES)) connection.run(`DELETE FROM "${String(name)}" WHERE owner = :owner`, { owner });
  return true;
}
