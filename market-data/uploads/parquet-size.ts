import { open } from 'node:fs/promises';
import { literal, type TableSession } from '../files/table-session.ts';

/** What a Parquet file says of its size. */
export interface ParquetSize {
  rows: number;
  /** Columns, and groups of them. */
  columns: number;
  /** Of all pages when they are unpacked, by its own account. */
  bytes: number;
}

/** Of the list of what is in the file: a hundred columns in a thousand groups take less. The database reads it whole, outside of its own limit of memory. */
const MOST_FOOTER_BYTES = 16 * 2 ** 20;
/** At the very end: four bytes of length, and the mark of the format. */
const TAIL_BYTES = 8;

/** Whether the list of what is in the file may be read; also where it is none. */
export async function isFooterSmall(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, Math.max(0, size - TAIL_BYTES));
    const length = buffer.readUInt32LE(0);
    return length >= size || length <= MOST_FOOTER_BYTES;
  } finally {
    await handle.close();
  }
}

/** By what the file says of each of its groups, and as a whole: whoever lies in one of them gains nothing. `read` runs SQL. */
export async function parquetSize(path: string, read: TableSession['rows']): Promise<ParquetSize> {
  const file = literal(path);
  const [row = {}] = await read(`SELECT
    (SELECT count(*) FROM parquet_schema(${file})) - 1 AS columns,
    (SELECT sum(num_rows) FROM parquet_file_metadata(${file})) AS whole,
    (SELECT coalesce(sum(row_group_num_rows), 0) FROM parquet_metadata(${file}) WHERE column_id = 0) AS grouped,
    (SELECT coalesce(sum(total_uncompressed_size), 0) FROM parquet_metadata(${file})) AS bytes`);
  const { columns, whole, grouped, bytes } = row;
  return { columns: Number(columns), rows: Math.max(Number(whole), Number(grouped)), bytes: Number(bytes) };
}
