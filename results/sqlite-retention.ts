import type { NamingTable, RetentionStore } from './retention.ts';
import type { Connection } from './sqlite-connection.ts';
import { json } from './sqlite-rows.ts';

/** Key of the tables that name files, and the columns that hold references as JSON. */
const NAMING: Readonly<Record<NamingTable, { key: string; file: string; checkpoint: string }>> = {
  // Of a sweep it is the dataset.
  runs: {
    key: 'id',
    file: "json_array(json(result), CASE WHEN kind = 'sweep' THEN json(checkpoint) END)",
    checkpoint: "CASE WHEN kind = 'backtest' THEN checkpoint END",
  },
  trial_shards: { key: "sweep_id || '/' || family || '/' || printf('%010d', first)", file: 'ref', checkpoint: 'NULL' },
  trial_tables: { key: "printf('%020d', id)", file: 'ref', checkpoint: 'NULL' },
  run_histories: { key: 'run_id', file: 'ref', checkpoint: 'NULL' },
  uploads: { key: "owner || '/' || name", file: 'ref', checkpoint: 'NULL' },
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
        const { key, file, checkpoint } = NAMING[table];
        const sql = `SELECT ${key} AS key, ${file} AS file, ${checkpoint} AS checkpoint FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ?`;
        const rows = connection.all(sql, after, limit);
        const values = (column: string) => rows.map((row) => json(row[column]));
        return { files: values('file'), checkpoints: values('checkpoint'), next: rows.length < limit ? null : String(rows.at(-1)!['key']) };
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
  if (connection.one('SELECT 1 FROM schedules WHERE owner = ? LIMIT 1', owner)) return false;
  connection.all('PRAGMA defer_foreign_keys = ON');
  for (const { name } of connection.all(OWNED_TABLES)) connection.run(`DELETE FROM "${String(name)}" WHERE owner = :owner`, { owner });
  return true;
}
