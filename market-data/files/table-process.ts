import { once } from 'node:events';
import { Socket } from 'node:net';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

/**
 * A process that reads tables for the one that started it. It is one of its own because a fault in native code would end the process around it, and so
 * would ending a thread in the middle of a query.
 */

/** What the process is told when it starts: it can read nothing but these folders. */
export interface TableLimits {
  folders: readonly string[];
  /** What does not fit into memory is put here. */
  temporary: string;
  memoryMb: number;
}

export type TableRequest =
  | { kind: 'open'; limits: TableLimits }
  | { kind: 'rows'; sql: string }
  /** Answered on a pipe, and with no rows at the end. */
  | { kind: 'numbers'; sql: string };

/** By the names of the columns. Whole numbers beyond 2^53 are text. */
export type TableRow = Record<string, string | number | boolean | null>;

export type TableAnswer = { kind: 'rows'; rows: TableRow[] } | { kind: 'failed'; message: string };

/** The pipe on which numbers go as they lie in memory: messages between processes would copy them several times. */
const NUMBERS_FD = 4;
/** Of a message. */
const ROWS = 65_536;

async function openTables({ folders, temporary, memoryMb }: TableLimits): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: `${memoryMb}MB`,
    temp_directory: temporary,
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const allowed = [...folders, temporary].map((folder) => `'${folder.replaceAll("'", "''")}'`);
  await connection.run(`SET allowed_directories = [${allowed.join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  return connection;
}

/** Each message is the count of rows, that of columns, and column after column; one without rows ends the answer. */
async function sendNumbers(connection: DuckDBConnection, sql: string): Promise<void> {
  const result = await connection.stream(sql);
  const columns = result.columnCount;
  let message = newMessage(columns);
  let filled = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    if (filled + chunk.rowCount > ROWS) {
      await send(message, filled, columns);
      message = newMessage(columns);
      filled = 0;
    }
    for (let index = 0; index < columns; index++) {
      const from = HEAD + index * ROWS + filled;
      fill(message.subarray(from, from + chunk.rowCount), chunk.getColumnVector(index));
    }
    filled += chunk.rowCount;
  }
  if (filled > 0) await send(message, filled, columns);
  await send(new Float64Array(HEAD), 0, 0);
}

/** Numbers before the columns of a message. */
const HEAD = 2;

function newMessage(columns: number): Float64Array {
  return new Float64Array(HEAD + columns * ROWS);
}

async function send(message: Float64Array, rows: number, columns: number): Promise<void> {
  message[0] = rows;
  message[1] = columns;
  for (let index = 1; index < columns; index++) message.copyWithin(HEAD + index * rows, HEAD + index * ROWS, HEAD + index * ROWS + rows);
  const bytes = new Uint8Array(message.buffer, 0, (HEAD + columns * rows) * Float64Array.BYTES_PER_ELEMENT);
  if (!pipe.write(bytes)) await once(pipe, 'drain');
}

/** Of queries that give plain values only. */
async function readRows(sql: string): Promise<TableRow[]> {
  return (await connection!.runAndReadAll(sql)).getRowObjectsJson() as TableRow[];
}

interface NumberVector {
  items?: unknown;
  /** `data` is null where every row has a value. */
  validity?: { data: unknown; itemValid(row: number): boolean };
}

/** NaN where there is no value: what the vector then holds is whatever was there. */
function fill(column: Float64Array, vector: unknown): void {
  const { items, validity } = vector as NumberVector;
  if (!(items instanceof Float64Array)) throw new TypeError('a query for numbers gives doubles');
  column.set(items.subarray(0, column.length));
  if (validity === undefined || validity.data === null) return;
  for (let i = 0; i < column.length; i++) if (!validity.itemValid(i)) column[i] = Number.NaN;
}

function answer(message: TableAnswer): void {
  process.send!(message);
}

const pipe = new Socket({ fd: NUMBERS_FD });
let connection: DuckDBConnection | null = null;

async function serve(request: TableRequest): Promise<void> {
  if (request.kind === 'open') {
    connection = await openTables(request.limits);
    answer({ kind: 'rows', rows: [] });
  } else if (request.kind === 'rows') answer({ kind: 'rows', rows: await readRows(request.sql) });
  else {
    await sendNumbers(connection!, request.sql);
    answer({ kind: 'rows', rows: [] });
  }
}

let turn = Promise.resolve();
process.on('message', (request: TableRequest) => {
  turn = turn
    .then(() => serve(request))
    .catch((error: unknown) => answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }));
});
// Whoever started this process is gone, or done with it.
process.once('disconnect', () => process.exit());
