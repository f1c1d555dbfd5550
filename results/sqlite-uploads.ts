import type { Upload } from '../shared/upload.ts';
import type { Connection } from './sqlite-connection.ts';
import { json, type SqliteRow } from './sqlite-rows.ts';
import type { UploadStore } from './uploads.ts';

const SAVE = `INSERT OR REPLACE INTO uploads (owner, name, ref, timeframe, symbols, quality, created_at)
  VALUES (:owner, :name, :ref, :timeframe, :symbols, :quality, :createdAt)`;

interface Transactions {
  read: <T>(statements: () => T) => Promise<T>;
  write: <T>(statements: () => T) => Promise<T>;
}

/** What of a store is about uploads. */
export function uploadIntents(connection: Connection, { read, write }: Transactions): UploadStore {
  const find = (owner: string, name: string): Upload | null => {
    const row = connection.one('SELECT * FROM uploads WHERE owner = ? AND name = ?', owner, name);
    return row ? toUpload(row) : null;
  };
  return {
    saveUpload: ({ ref, symbols, quality, ...rest }) =>
      write(() => {
        const wasThere = find(rest.owner, rest.name) !== null;
        const columns = { ref: JSON.stringify(ref), symbols: JSON.stringify(symbols), quality: JSON.stringify(quality) };
        connection.run(SAVE, { ...rest, ...columns });
        return wasThere;
      }),
    getUpload: (owner, name) => read(() => find(owner, name)),
    listUploads: (owner) => read(() => connection.all('SELECT * FROM uploads WHERE owner = ? ORDER BY name', owner).map(toUpload)),
    removeUpload: (owner, name) =>
      write(() => connection.run('DELETE FROM uploads WHERE owner = :owner AND name = :name', { owner, name }) > 0),
  };
}

function toUpload(row: SqliteRow): Upload {
  return {
    owner: row['owner'],
    name: row['name'],
    ref: json(row['ref']),
    timeframe: row['timeframe'],
    symbols: json(row['symbols']),
    quality: json(row['quality']),
    createdAt: row['created_at'],
  } as Upload;
}
