import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall, type ServerWritableStream } from '@grpc/grpc-js';
import { compressionRegistry, CompressionType, Field, Float64, Int64, makeData, RecordBatch, Schema, Struct } from 'apache-arrow';
import { messagesOf, readService } from '../../test/bigquery/storage-double.ts';

/**
 * A process that hands out rows as fast as it can, by both protocols: bars of a formula, since a warehouse behind them would be measured too. The number of
 * rows is the name of the table, or of the job.
 */

const ROWS_PER_BATCH = 16_384;
const ROWS_PER_PAGE = 50_000;
const HOST = '127.0.0.1';
const NAMES = ['ts', 'place', 'open', 'high', 'low', 'close', 'volume'];
const INTEGERS = 2;
const MINUTE = 60_000;

// Level 1: what is measured is the client.
compressionRegistry.set(CompressionType.ZSTD, {
  encode: (bytes) => zstdCompressSync(bytes, { params: { 100: 1 } }),
  decode: (bytes) => zstdDecompressSync(bytes),
});
const schema = new Schema(NAMES.map((name, c) => new Field(name, c < INTEGERS ? new Int64() : new Float64(), true)));

/** Two symbols, minute by minute; by column. */
const FORMULAS: readonly ((row: number) => number)[] = [
  (row) => 1_600_000_000_000 + (row >> 1) * MINUTE,
  (row) => row & 1,
  (row) => 100 + ((row >> 1) % 977) / 8,
  (row) => 101.25 + ((row >> 1) % 977) / 8,
  (row) => 99.5 + ((row >> 1) % 977) / 8,
  (row) => 100.25 + ((row >> 1) % 977) / 8,
  (row) => 1_000 + (row % 89),
];

function batchAt(first: number, rows: number): RecordBatch {
  const children = schema.fields.map(({ type }, c) => {
    const formula = FORMULAS[c]!;
    const data = c < INTEGERS ? BigInt64Array.from({ length: rows }, (_, row) => BigInt(formula(first + row))) : new Float64Array(rows);
    if (data instanceof Float64Array) for (let row = 0; row < rows; row++) data[row] = formula(first + row);
    return makeData({ type: type as Float64, length: rows, nullCount: 0, data: data as Float64Array });
  });
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children }));
}

/** Encoded batches that come again and again, so that a short reading is not held up by the server. */
const encoded = new Map<number, Uint8Array>();
const KEPT = 256;

function messageAt(batch: number, rows: number): Uint8Array {
  const known = encoded.get(batch);
  if (known !== undefined && rows === ROWS_PER_BATCH) return known;
  const message = messagesOf(schema, batchAt(batch * ROWS_PER_BATCH, rows))[1]!;
  if (encoded.size < KEPT && rows === ROWS_PER_BATCH) encoded.set(batch, message);
  return message;
}

function createReadSession(
  { request }: ServerUnaryCall<{ readSession: { table: string }; maxStreamCount: number }, unknown>,
  done: sendUnaryData<unknown>,
): void {
  const { table } = request.readSession;
  const rows = table.split('/').at(-1)!;
  const streams = Array.from({ length: request.maxStreamCount }, (_, index) => ({ name: `${rows}/${index}/${request.maxStreamCount}` }));
  done(null, { name: 's', table, dataFormat: 'ARROW', arrowSchema: { serializedSchema: messagesOf(schema, null)[0] }, streams });
}

async function readRows(call: ServerWritableStream<{ readStream: string }, unknown>): Promise<void> {
  const [total, index, count] = call.request.readStream.split('/').map(Number) as [number, number, number];
  for (let batch = index; batch * ROWS_PER_BATCH < total && !call.cancelled; batch += count) {
    const rows = Math.min(ROWS_PER_BATCH, total - batch * ROWS_PER_BATCH);
    const message = { arrowRecordBatch: { serializedRecordBatch: messageAt(batch, rows), rowCount: String(rows) }, rowCount: String(rows) };
    if (!call.write(message)) await new Promise((resolve) => call.once('drain', resolve));
  }
  call.end();
}

const pages = new Map<string, string>();

/** A page of `getQueryResults`. */
function pageAt(total: number, first: number): string {
  const key = `${total}/${first}`;
  const known = pages.get(key);
  if (known !== undefined) return known;
  const rows = Array.from({ length: Math.min(ROWS_PER_PAGE, total - first) }, (_, row) => ({
    f: NAMES.map((_name, c) => ({ v: String(FORMULAS[c]!(first + row)) })),
  }));
  const next = first + rows.length;
  const page = JSON.stringify({
    jobReference: { projectId: 'p', jobId: `rows_${total}`, location: 'US' },
    jobComplete: true,
    totalRows: String(total),
    schema: { fields: NAMES.map((name, c) => ({ name, type: c < INTEGERS ? 'INTEGER' : 'FLOAT', mode: 'NULLABLE' })) },
    ...(next < total && { pageToken: String(next) }),
    rows,
  });
  pages.set(key, page);
  return page;
}

const rest = createServer((request, response) => {
  const url = new URL(request.url!, 'http://server');
  const total = Number(/rows_(\d+)/.exec(url.pathname)?.[1] ?? 0);
  response.setHeader('content-type', 'application/json');
  if (url.pathname.includes('/jobs/')) {
    return void response.end(
      JSON.stringify({
        jobReference: { projectId: 'p', jobId: `rows_${total}`, location: 'US' },
        status: { state: 'DONE' },
        configuration: { query: {} },
      }),
    );
  }
  response.end(pageAt(total, Number(url.searchParams.get('pageToken') ?? 0)));
});
// Pages and batches are made before anything is measured.
for (let batch = 0; batch < KEPT; batch++) messageAt(batch, ROWS_PER_BATCH);
for (let first = 0; first < 1_000_000; first += ROWS_PER_PAGE) pageAt(1_000_000, first);

const server = new Server({ 'grpc.max_send_message_length': -1 });
server.addService(readService(), {
  createReadSession,
  readRows: (call: Parameters<typeof readRows>[0]) => void readRows(call),
  splitReadStream: () => undefined,
});
server.bindAsync(`${HOST}:0`, ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  rest.listen(0, HOST, () => process.send!({ rest: `http://${HOST}:${(rest.address() as AddressInfo).port}`, storage: `${HOST}:${port}` }));
});
process.once('disconnect', () => process.exit());
