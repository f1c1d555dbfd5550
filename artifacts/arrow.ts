import {
  AsyncByteQueue,
  Field,
  Float64,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  RecordBatchReader,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  type TypeMap,
} from 'apache-arrow';

/** Columns of equal length. */
export type Columns<Name extends string> = Record<Name, Float64Array>;

/** A table of float64 columns in the Arrow IPC stream format. */
export interface FloatTable<Name extends string> {
  names: readonly Name[];
  /** Bytes of a stream; each record batch is handed over when it is due, so that a stream of any length needs the memory of one batch. */
  encode(batches: AsyncIterable<Columns<Name>>): AsyncIterable<Uint8Array>;
  /** As {@link encode}, at once: views on the columns, and a few bytes around them. */
  encodeParts(batches: readonly Columns<Name>[]): Uint8Array[];
  /** The record batches of a stream that hold rows, as views on its bytes. */
  decode(bytes: Uint8Array): Columns<Name>[];
}

export function floatTable<Name extends string>(names: readonly Name[]): FloatTable<Name> {
  const schema = new Schema(names.map((name) => new Field(name, new Float64(), false)));
  const toBatch = (columns: Columns<Name>) =>
    recordBatch(
      schema,
      names.map((name) => makeData({ type: new Float64(), length: columns[name].length, nullCount: 0, data: columns[name] })),
    );

  async function* encode(batches: AsyncIterable<Columns<Name>>): AsyncGenerator<Uint8Array> {
    const writer = createIpcWriter('stream', schema);
    for await (const columns of batches) yield* writer.write(toBatch(columns));
    yield* writer.finish();
  }

  function encodeParts(batches: readonly Columns<Name>[]): Uint8Array[] {
    const writer = createIpcWriter('stream', schema);
    const parts = batches.flatMap((columns) => writer.write(toBatch(columns)));
    return [...parts, ...writer.finish()];
  }

  function decode(bytes: Uint8Array): Columns<Name>[] {
    return readBatches(bytes).map((batch) => {
      const column = (index: number): Float64Array => valuesOf(batch, index) as Float64Array;
      return Object.fromEntries(names.map((name, index) => [name, column(index)])) as Columns<Name>;
    });
  }

  return { names, encode, encodeParts, decode };
}

/** Encodes record batches; each call returns the bytes that are due, as views on the columns given. */
export function createIpcWriter<T extends TypeMap>(format: 'file' | 'stream', schema: Schema<T>) {
  const parts: Uint8Array[] = [];
  const sink = new AsyncByteQueue();
  sink.write = (part: Uint8Array) => void parts.push(part); // the queue itself could only be read asynchronously
  const writer = format === 'file' ? new RecordBatchFileWriter<T>() : new RecordBatchStreamWriter<T>();
  writer.reset(sink, schema);
  return {
    write(batch: RecordBatch<T>): Uint8Array[] {
      writer.write(batch);
      return parts.splice(0);
    },
    finish(): Uint8Array[] {
      writer.finish();
      return parts.splice(0);
    },
  };
}

/** A record batch of columns of equal length without nulls. */
export function recordBatch<T extends TypeMap>(schema: Schema<T>, children: ReturnType<typeof makeData>[]): RecordBatch<T> {
  const length = children[0]?.length ?? 0;
  return new RecordBatch(schema, makeData({ type: new Struct<T>(schema.fields), length, nullCount: 0, children }));
}

/** The record batches of an Arrow IPC file or stream that hold rows; the library makes up an empty one where there is none. */
function readBatches(bytes: Uint8Array): RecordBatch[] {
  return [...RecordBatchReader.from(bytes)].filter((batch) => batch.numRows > 0);
}

/** The values of a column as the typed array of its type, a view on the bytes that were read. */
export function valuesOf(batch: RecordBatch, index: number): Float64Array | BigInt64Array | Int16Array {
  return batch.data.children[index]!.values.subarray(0, batch.numRows);
}
