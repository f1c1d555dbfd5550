import type { Block, OperatorStore } from './operators.ts';
import type { Connection } from './sqlite-connection.ts';
import { listStatement } from './sqlite-list.ts';
import { toRunRow } from './sqlite-rows.ts';

interface Transactions {
  read: <T>(statements: () => T) => Promise<T>;
  write: <T>(statements: () => T) => Promise<T>;
}

const BLOCK = 'INSERT OR REPLACE INTO blocks (kind, name, reason, by, at) VALUES (:kind, :name, :reason, :by, :at)';

/** What of a store is for operators. */
export function operatorIntents(connection: Connection, { read, write }: Transactions): OperatorStore {
  return {
    block: async (block) => {
      await write(() => connection.run(BLOCK, { ...block }));
    },
    unblock: (kind, name) => write(() => connection.run('DELETE FROM blocks WHERE kind = :kind AND name = :name', { kind, name }) > 0),
    listBlocks: () => read(() => connection.all('SELECT kind, name, reason, by, at FROM blocks ORDER BY kind, name').map(toBlock)),
    listAll: (query) =>
      read(() => {
        const { sql, values } = listStatement(null, query);
        return connection.all(sql, ...values).map(toRunRow);
      }),
    ownerOf: async (id) => {
      const row = await read(() => connection.one('SELECT owner FROM runs WHERE id = ?', id));
      return row ? String(row['owner']) : null;
    },
  };
}

function toBlock({ kind, name, reason, by, at }: Record<string, unknown>): Block {
  return { kind, name, reason, by, at } as Block;
}
