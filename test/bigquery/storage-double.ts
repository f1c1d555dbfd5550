import { createRequire } from 'node:module';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import {
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import {
  Bool,
  compressionRegistry,
  CompressionType,
  Field,
  Float64,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
} from 'apache-arrow';
import type { DoubleOptions } from './rest-double.ts';

const require = createRequire(import.meta.url);
const ROWS_PER_BATCH = 16_384;

interface SessionRequest {
  readSession: { table: string; dataFormat: string; readOptions?: { arrowSerializationOptions?: { bufferCompression?: string } } };
  maxStreamCount: number;
}
interface RowsRequest {
  readStream: string;
  offset: string;
}

/** A test double of the Storage Read API, from the protos that Google's client ships. Not for any other use. */
export async function startStorageDouble({ warehouse, faults, host = '127.0.0.1' }: DoubleOptions) {
  compressionRegistry.set(CompressionType.ZSTD, {
    encode: (bytes) => zstdCompressSync(bytes),
    decode: (bytes) => zstdDecompressSync(bytes),
  });
  const log: string[] = [];
  const server = new Server({ 'grpc.max_send_message_length': -1 });

  async function createReadSession({ request }: ServerUnaryCall<SessionRequest, unknown>, done: sendUnaryData<unknown>): Promise<void> {
    log.push('CreateReadSession');
    const fault = faults.take('CreateReadSession');
    if (fault?.code) return done({ code: fault.code, details: 'as the test wants it' });
    const { table } = request.readSession;
    const result = table.split('/').at(-1)!;
    const [columns, rows] = await Promise.all([columnsOf(result), warehouse.rows(`SELECT count(*) FROM "${result}"`)]);
    const batches = Math.ceil(Number(rows[0]![0]) / ROWS_PER_BATCH);
    const streams = Math.min(request.maxStreamCount, batches);
    done(null, {
      name: `projects/p/locations/us/sessions/${result}`,
      table,
      dataFormat: 'ARROW',
      arrowSchema: { serializedSchema: messagesOf(schemaOf(columns), null)[0] },
      streams: Array.from({ length: streams }, (_, index) => ({ name: `sessions/${result}/streams/${index}of${streams}` })),
    });
  }

  async function columnsOf(table: string): Promise<{ name: string; type: string }[]> {
    return (await warehouse.rows(`DESCRIBE "${table}"`)).map(([name, type]) => ({ name: String(name), type: String(type) }));
  }

  async function readRows(call: ServerWritableStream<RowsRequest, unknown>): Promise<void> {
    const [, result, index, count] = /sessions\/(\w+)\/streams\/(\d+)of(\d+)$/.exec(call.request.readStream)!;
    log.push(`ReadRows ${index} from ${call.request.offset}`);
    const fault = faults.take('ReadRows');
    const end = (code: number) => call.emit('error', { code, details: 'as the test wants it' });
    const schema = schemaOf(await columnsOf(result!));
    let at = 0;
    for (let batch = Number(index); !call.cancelled; batch += Number(count)) {
      if (fault?.code && at >= (fault.afterRows ?? 0)) return void end(fault.code);
      const rows = await batchOf(result!, schema, batch);
      if (rows.numRows === 0) break;
      at += rows.numRows;
      if (at <= Number(call.request.offset)) continue;
      if (fault?.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
      const message = {
        arrowRecordBatch: { serializedRecordBatch: messagesOf(schema, rows)[1], rowCount: String(rows.numRows) },
        rowCount: String(rows.numRows),
      };
      if (!call.write(message)) await new Promise((resolve) => call.once('drain', resolve));
    }
    call.end();
  }

  async function batchOf(table: string, schema: Schema, batch: number): Promise<RecordBatch> {
    const rows = await warehouse.rows(`SELECT * FROM "${table}" LIMIT ${ROWS_PER_BATCH} OFFSET ${batch * ROWS_PER_BATCH}`);
    return toBatch(schema, rows);
  }

  server.addService(readService(), {
    createReadSession: (call: ServerUnaryCall<SessionRequest, unknown>, done: sendUnaryData<unknown>) =>
      void createReadSession(call, done).catch((error: unknown) => done({ code: 13, details: String(error) })),
    readRows: (call: ServerWritableStream<RowsRequest, unknown>) =>
      void readRows(call).catch((error: unknown) => call.emit('error', { code: 13, details: String(error) })),
    splitReadStream: (_: unknown, done: sendUnaryData<unknown>) => done({ code: 12, details: 'not here' }),
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`${host}:0`, ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  return { address: `${host}:${port}`, log, close: () => server.forceShutdown() };
}

/** The service as the protos define it. */
export function readService() {
  const protos = require('@google-cloud/bigquery-storage/build/protos/protos.json') as object;
  const definition = loadPackageDefinition(
    fromJSON(protos as never, { keepCase: false, longs: String, enums: String, defaults: true, oneofs: true }),
  ) as never as {
    google: { cloud: { bigquery: { storage: { v1: { BigQueryRead: ServiceClientConstructor } } } } };
  };
  return definition.google.cloud.bigquery.storage.v1.BigQueryRead.service;
}

function schemaOf(columns: readonly { name: string; type: string }[]): Schema {
  const types = { BIGINT: new Int64(), INTEGER: new Int64(), DOUBLE: new Float64() };
  return new Schema(columns.map(({ name, type }) => new Field(name, types[type as keyof typeof types] ?? new Bool(), true)));
}

function toBatch(schema: Schema, rows: readonly unknown[][]): RecordBatch {
  const length = rows.length;
  const children = schema.fields.map(({ type }, c) => {
    const nulls = rows.filter((row) => row[c] === null).length;
    const nullBitmap = new Uint8Array(Math.ceil(length / 64) * 8);
    for (let row = 0; row < length; row++) if (rows[row]![c] !== null) nullBitmap[row >> 3]! |= 1 << (row & 7);
    const data =
      type instanceof Int64
        ? BigInt64Array.from(rows, (row) => BigInt((row[c] as bigint | null) ?? 0))
        : Float64Array.from(rows, (row) => Number(row[c] ?? 0));
    return makeData({ type: type as Float64, length, nullCount: nulls, ...(nulls > 0 && { nullBitmap }), data: data as Float64Array });
  });
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
}

/** The messages of an Arrow stream one by one, as the API sends them: the schema, and a record batch. */
export function messagesOf(schema: Schema, batch: RecordBatch | null): Uint8Array[] {
  const writer = new RecordBatchStreamWriter({ compressionType: CompressionType.ZSTD });
  writer.reset(undefined, schema);
  if (batch) writer.write(batch);
  writer.finish();
  const bytes = writer.toUint8Array(true);
  const messages: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length;) {
    const metadata = view.getInt32(at + 4, true);
    if (metadata === 0) break;
    const end = at + 8 + metadata + bodyLength(view, at + 8);
    messages.push(bytes.subarray(at, end));
    at = end;
  }
  return messages;
}

/** `bodyLength` of the flatbuffer `Message`: field 3 of its table. */
function bodyLength(view: DataView, at: number): number {
  const table = at + view.getInt32(at, true);
  const vtable = table - view.getInt32(table, true);
  const field = view.getUint16(vtable, true) > 10 ? view.getUint16(vtable + 10, true) : 0;
  return field === 0 ? 0 : Number(view.getBigInt64(table + field, true));
}
