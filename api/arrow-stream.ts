import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import {
  Dictionary,
  Field,
  Float64,
  Int32,
  makeData,
  Schema,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
  type Data,
  type DataType,
} from 'apache-arrow';
import { createIpcWriter, recordBatch } from '../artifacts/arrow.ts';
import type { Table, TableColumn } from './stream-table.ts';

const BATCH_ROWS = 65_536;

/** A column on its way: its type, and its values of some rows. */
interface Encoder {
  field: Field;
  rows(from: number, to: number): Data;
}

/**
 * The table as an Arrow IPC stream, for pandas, Polars and DuckDB: numbers as float64 (missing ones as NaN), times as timestamp[ms, UTC], words as
 * dictionaries (a missing one as the empty word).
 */
export function arrowStream(table: Table): Readable {
  return Readable.from(parts(table), { objectMode: false });
}

async function* parts({ columns, rows }: Table): AsyncGenerator<Uint8Array> {
  const encoders = columns.map(encoderOf);
  const schema = new Schema(encoders.map(({ field }) => field));
  const writer = createIpcWriter('stream', schema);
  for (let from = 0; from < Math.max(rows, 1); from += BATCH_ROWS) {
    const to = Math.min(rows, from + BATCH_ROWS);
    yield* writer.write(
      recordBatch(
        schema,
        encoders.map((encoder) => encoder.rows(from, to)),
      ),
    );
    await setImmediate();
  }
  yield* writer.finish();
}

function encoderOf(column: TableColumn, index: number): Encoder {
  switch (column.kind) {
    case 'number':
      return encoder(column.name, new Float64(), (type, from, to) => makeData({ type, data: column.values.subarray(from, to) }));
    case 'time':
      return encoder(column.name, new TimestampMillisecond('UTC'), (type, from, to) =>
        makeData({ type, data: BigInt64Array.from(column.values.subarray(from, to), BigInt) }),
      );
    case 'word': {
      const words = column.words.map((word) => word ?? '');
      const dictionary = vectorFromArray(words.length === 0 ? [''] : words, new Utf8());
      // A fixed id: the library would count its own up, and the same table would give other bytes.
      return encoder(column.name, new Dictionary(new Utf8(), new Int32(), index), (type, from, to) =>
        makeData({ type, data: Int32Array.from(column.codes.subarray(from, to)), dictionary }),
      );
    }
  }
}

function encoder<T extends DataType>(name: string, type: T, rows: (type: T, from: number, to: number) => Data): Encoder {
  return { field: new Field(name, type, false), rows: (from, to) => rows(type, from, to) };
}
