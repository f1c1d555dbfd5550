import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter, type ColumnSource, type SchemaElement } from 'hyparquet-writer';
import type { Table, TableColumn } from './stream-table.ts';

/** Rows of a group: encoding one takes milliseconds, between which other requests are served. */
const GROUP_ROWS = 8_192;

/**
 * The table as a Parquet file, for pandas, Polars and DuckDB: numbers as double (missing ones as NaN), times as timestamp[ms, UTC], words as strings
 * (a missing one as null); row groups compressed with Zstandard.
 */
export function parquetStream(table: Table): Readable {
  return Readable.from(parts(table), { objectMode: false });
}

async function* parts({ columns, rows }: Table): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter();
  const compressors = { ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes) };
  const root = { name: 'root', num_children: columns.length };
  const file = new ParquetWriter({ writer, schema: [root, ...columns.map(elementOf)], codec: 'ZSTD', compressors, createdBy: 'holdfast' });
  for (let from = 0; from < rows; from += GROUP_ROWS) {
    const to = Math.min(rows, from + GROUP_ROWS);
    void file.write({ columnData: columns.map((column) => part(column, from, to)), rowGroupSize: GROUP_ROWS });
    yield taken(writer);
    await setImmediate();
  }
  void file.finish();
  yield taken(writer);
}

/** What was written since; the writer goes on counting. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

function elementOf({ name, kind }: TableColumn): SchemaElement {
  switch (kind) {
    case 'number':
      return { name, type: 'DOUBLE', repetition_type: 'REQUIRED' };
    case 'time':
      return {
        name,
        type: 'INT64',
        repetition_type: 'REQUIRED',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
      };
    case 'word':
      return { name, type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
  }
}

function part(column: TableColumn, from: number, to: number): ColumnSource {
  const { name } = column;
  switch (column.kind) {
    case 'number':
      // Prices and equity hardly repeat; their leading bytes do.
      return { name, data: column.values.subarray(from, to), encoding: 'BYTE_STREAM_SPLIT' };
    case 'time':
      return { name, data: BigInt64Array.from(column.values.subarray(from, to), BigInt) };
    case 'word':
      return { name, data: Array.from(column.codes.subarray(from, to), (code) => column.words[code] ?? null) };
  }
}
