import { setTimeout as delay } from 'node:timers/promises';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { BigQueryReadClient, protos } from '@google-cloud/bigquery-storage';
import { CompressionType, compressionRegistry, RecordBatchReader, type RecordBatch } from 'apache-arrow';
import { persistently, toError, type Failure } from './failures.ts';
import type { FinishedJob } from './query-job.ts';
import { isEmulated } from './rest-api.ts';
import type { RowBatch } from './row-sorter.ts';

type ReadSession = protos.google.cloud.bigquery.storage.v1.IReadSession;
type ReadRowsResponse = protos.google.cloud.bigquery.storage.v1.IReadRowsResponse;

/** Codes of gRPC, by number. */
const STATUS = {
  2: 'UNKNOWN',
  3: 'INVALID_ARGUMENT',
  4: 'DEADLINE_EXCEEDED',
  5: 'NOT_FOUND',
  7: 'PERMISSION_DENIED',
  8: 'RESOURCE_EXHAUSTED',
  9: 'FAILED_PRECONDITION',
  10: 'ABORTED',
  12: 'UNIMPLEMENTED',
  13: 'INTERNAL',
  14: 'UNAVAILABLE',
} as const;
/** What passes is tried again as the answers of the REST API are. */
const PASSING = new Set([4, 8, 10, 13, 14]);
/** Not allowed, not there, or not for this table: the REST API can do it too. */
const REFUSALS = new Set([2, 3, 7, 12]);
/** The session has ended, or its table has gone. */
const LOST = new Set([5, 9]);
/** Tries of a stream that gave no row in between. */
const STREAM_TRIES = 8;
/** Streams at once. One thread decodes them all, so more than a few do not help. */
const STREAMS = 4;

/** What {@link StorageApi.open} throws where the Storage Read API may not be used here. */
export class StorageRefused extends Error {}
/** Rows that were read cannot be told from those that were not: the reading has to begin anew. */
export class SessionLost extends Error {}

/** Rows of a finished query by the Storage Read API. */
export interface StorageApi {
  /** A stream of rows each, to be read at the same time. Fails with {@link StorageRefused}. */
  open(job: FinishedJob, columns: readonly string[], signal: AbortSignal): Promise<AsyncGenerator<RowBatch>[]>;
  close(): Promise<void>;
}

/** Address of an emulator's Storage Read API, as `host:port`. */
const EMULATOR = 'BIGQUERY_STORAGE_EMULATOR_HOST';

/** The client library is loaded at the first reading. `source` is the name in messages. */
export function createStorageApi({ source, project }: { source: string; project: string }): StorageApi {
  let client: BigQueryReadClient | undefined;

  async function open(job: FinishedJob, columns: readonly string[], signal: AbortSignal): Promise<AsyncGenerator<RowBatch>[]> {
    if (isEmulated() && !process.env[EMULATOR]) throw new StorageRefused(`${EMULATOR} is not set`);
    if (job.table.tableId === '') throw new StorageRefused('the server does not say in which table the rows of a job are');
    client ??= await connect(project);
    const reader = client;
    const session = await persistently(() => createSession(reader, project, job), failureOf, signal).catch((error: unknown) => {
      if (REFUSALS.has(codeOf(error))) throw new StorageRefused((error as Error).message);
      throw LOST.has(codeOf(error)) ? new SessionLost((error as Error).message) : readable(source, error);
    });
    const schema = session.arrowSchema?.serializedSchema as Uint8Array | undefined;
    return (session.streams ?? []).map(({ name }) => streamRows({ client: reader, name: name!, schema: schema!, columns, source, signal }));
  }

  return {
    open,
    close: async () => {
      await client?.close();
      client = undefined;
    },
  };
}

async function connect(projectId: string): Promise<BigQueryReadClient> {
  // Arrow's library leaves this codec to its users.
  compressionRegistry.set(CompressionType.ZSTD, {
    decode: (bytes) => zstdDecompressSync(bytes),
    encode: (bytes) => zstdCompressSync(bytes),
  });
  const { BigQueryReadClient: Client } = await import('@google-cloud/bigquery-storage');
  const emulator = process.env[EMULATOR];
  if (!emulator) return new Client({ projectId });
  const { credentials } = await import('@grpc/grpc-js');
  const { hostname, port } = new URL(`http://${emulator}`);
  // With a universe named, no address of the cloud is asked for it.
  return new Client({
    projectId,
    apiEndpoint: hostname,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    universeDomain: 'googleapis.com',
  });
}

async function createSession(client: BigQueryReadClient, project: string, { table }: FinishedJob): Promise<ReadSession> {
  const [session] = await client.createReadSession({
    parent: `projects/${project}`,
    readSession: {
      table: `projects/${table.projectId}/datasets/${table.datasetId}/tables/${table.tableId}`,
      dataFormat: 'ARROW',
      readOptions: { arrowSerializationOptions: { bufferCompression: 'ZSTD' } },
    },
    maxStreamCount: STREAMS,
  });
  return session;
}

interface StreamOptions {
  client: BigQueryReadClient;
  name: string;
  schema: Uint8Array;
  columns: readonly string[];
  source: string;
  signal: AbortSignal;
}

/** A cut stream goes on after the rows that came: the library does not do that. */
async function* streamRows(options: StreamOptions): AsyncGenerator<RowBatch> {
  const { client, name, source, signal } = options;
  let offset = 0;
  let tries = 0;
  for (;;) {
    signal.throwIfAborted();
    const stream = client.readRows({ readStream: name, offset });
    const cancel = () => stream.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      for await (const response of stream as AsyncIterable<ReadRowsResponse>) {
        const batch = decode(response, options);
        offset += batch.rows;
        tries = 0;
        yield batch;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (LOST.has(codeOf(error))) throw new SessionLost((error as Error).message);
      if (!PASSING.has(codeOf(error)) || ++tries === STREAM_TRIES) throw readable(source, error);
      await pauseBefore(tries, signal);
    } finally {
      signal.removeEventListener('abort', cancel);
      stream.destroy();
    }
  }
}

async function pauseBefore(attempt: number, signal: AbortSignal): Promise<void> {
  await delay(Math.min(8_000, 50 * 2 ** attempt) * (0.5 + Math.random() / 2), undefined, { signal });
}

/** One message holds one record batch. Columns are found by name; a null becomes NaN. */
function decode({ arrowRecordBatch }: ReadRowsResponse, { schema, columns, source }: StreamOptions): RowBatch {
  const bytes = arrowRecordBatch!.serializedRecordBatch as Uint8Array;
  const batch = RecordBatchReader.from([schema, bytes]).next().value as RecordBatch;
  const rows = batch.numRows;
  const width = columns.length;
  const values = new Float64Array(rows * width);
  for (const [place, name] of columns.entries()) fill(values, { batch, name, place, width, source });
  return { values, rows };
}

function fill(
  values: Float64Array,
  { batch, name, place, width, source }: { batch: RecordBatch; name: string; place: number; width: number; source: string },
): void {
  const data = batch.getChild(name)?.data[0];
  const numbers: unknown = data?.values;
  if (!(numbers instanceof Float64Array || numbers instanceof BigInt64Array)) {
    throw toError(source, { reason: 'invalid', message: `The result has no column "${name}" of numbers.` });
  }
  const count = batch.numRows;
  const at = data!.offset > 0 && numbers.length > count ? data!.offset : 0;
  if (numbers instanceof Float64Array) for (let row = 0, to = place; row < count; row++, to += width) values[to] = numbers[at + row]!;
  else fillIntegers(values, numbers.subarray(at, at + count), place, width);
  if (data!.nullCount === 0) return;
  for (let row = 0, to = place; row < count; row++, to += width) if (!data!.getValid(row)) values[to] = Number.NaN;
}

/** By halves: a bigint for each value would cost more than all else here. */
function fillIntegers(values: Float64Array, integers: BigInt64Array, place: number, width: number): void {
  const halves = new Int32Array(integers.buffer, integers.byteOffset, 2 * integers.length);
  for (let row = 0, to = place; row < integers.length; row++, to += width) {
    values[to] = halves[2 * row + 1]! * 4_294_967_296 + (halves[2 * row]! >>> 0);
  }
}

function codeOf(error: unknown): number {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : -1;
}

function failureOf(error: unknown): Failure | null {
  const code = codeOf(error);
  if (code < 0) return null;
  const reason = PASSING.has(code) ? 'backendError' : (STATUS[code as keyof typeof STATUS] ?? `gRPC ${code}`);
  return { reason, message: (error as Error).message };
}

function readable(source: string, error: unknown): unknown {
  const failure = failureOf(error);
  return failure === null ? error : toError(source, failure);
}
