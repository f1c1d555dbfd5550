import { buffer } from 'node:stream/consumers';
import { zstdDecompressSync } from 'node:zlib';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { expect, it } from 'vitest';
import { parquetStream } from './parquet-stream.ts';
import type { Table } from './stream-table.ts';

const tableOf = (rows: number): Table => ({
  columns: [
    { name: 'time', kind: 'time', values: new Float64Array(rows).map((_, row) => Date.UTC(1969, 11, 31) + row * 86_400_000) },
    { name: 'price', kind: 'number', values: new Float64Array(rows).map((_, row) => (row === 1 ? NaN : row / 8)) },
    { name: 'side', kind: 'word', words: ['buy', 'Größe, "sell"', null], codes: new Float64Array(rows).map((_, row) => row % 3) },
  ],
  rows,
});

const compressors = { ZSTD: (bytes: Uint8Array) => new Uint8Array(zstdDecompressSync(bytes)) };

it.each([0, 3, 40_000])('writes %i rows that a Parquet reader reads, with their types', async (rows) => {
  const bytes = await buffer(parquetStream(tableOf(rows)));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const metadata = parquetMetadata(file);
  expect(Number(metadata.num_rows)).toBe(rows);
  expect(metadata.row_groups).toHaveLength(Math.ceil(rows / 8_192));
  expect(parquetSchema(metadata).children.map(({ element: { name, type, logical_type: logical } }) => [name, type, logical?.type])).toEqual(
    [
      ['time', 'INT64', 'TIMESTAMP'],
      ['price', 'DOUBLE', undefined],
      ['side', 'BYTE_ARRAY', 'STRING'],
    ],
  );
  const read = await parquetReadObjects({ file, compressors });
  expect(read).toHaveLength(rows);
  if (rows === 0) return;
  expect(read[0]).toEqual({ time: new Date('1969-12-31T00:00:00.000Z'), price: 0, side: 'buy' });
  expect(read[1]).toEqual({ time: new Date('1970-01-01T00:00:00.000Z'), price: NaN, side: 'Größe, "sell"' });
  expect(read.at(-1)).toEqual({
    time: new Date(Date.UTC(1969, 11, 31) + (rows - 1) * 86_400_000),
    price: (rows - 1) / 8,
    side: ['buy', 'Größe, "sell"', null][(rows - 1) % 3],
  });
});
