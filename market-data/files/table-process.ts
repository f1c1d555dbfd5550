import { once } from 'node:events';
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
  | { kind: 'numbers'; sql: string }
  /** The last message of numbers was taken. */
  | { kind: 'more' };

/** By the names of the columns. Whole numbers beyond 2^53 are text. */
export type TableRow = Record<string, string | number | boolean | null>;

export type TableAnswer =
  | { kind: 'rows'; rows: TableRow[] }
  /** Columns of equal length; `null` after the last. */
  | { kind: 'numbers'; columns: Float64Array[] | null }
  | { kind: 'failed'; message: string };

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

async function sendNumbers(connection: DuckDBConnection, sql: string): Promise<void> {
  const result = await connection.stream(sql);
  let columns = newColumns(result.columnCount);
  let filled = 0;
  const flush = async (): Promise<void> => {
    const taken = once(process, 'message');
    answer({ kind: 'numbers', columns: columns.map((column) => column.subarray(0, filled)) });
    await taken;
    columns = newColumns(result.columnCount);
    filled = 0;
  };
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    if (filled + chunk.rowCount > ROWS) await flush();
    for (const [index, column] of columns.entries()) fill(column.subarray(filled, filled + chunk.rowCount), chunk.getColumnVector(index));
    filled += chunk.rowCount;
  }
  if (filled > 0) await flush();
  answer({ kind: 'numbers', columns: null });
}

/** Of queries that give plain values only. */
async function readRows(sql: string): Promise<TableRow[]> {
  return (await connection!.runAndReadAll(sql)).getRowObjectsJson() as TableRow[];
}

function newColumns(count: number): Float64Array[] {
  return Array.from({ length: count }, () => new Float64Array(ROWS));
}

interface NumberVector {
  getItem(row: number): unknown;
  items?: unknown;
  validity?: { itemValid(row: number): boolean };
}

/** NaN where there is no value: what the vector then holds is whatever was there. */
function fill(column: Float64Array, vector: unknown): void {
  const { items, validity } = vector as NumberVector;
  if (!(items instanceof Float64Array)) throw new TypeError('a query for numbers gives doubles');
  column.set(items.subarray(0, column.length));
  if (validity === undefined) return;
  for (let i = 0; i < column.length; i++) if (!validity.itemValid(i)) column[i] = Number.NaN;
}

function answer(message: TableAnswer): void {
  process.send!(message);
}

let connection: DuckDBConnection | null = null;

async function serve(request: TableRequest): Promise<void> {
  if (request.kind === 'open') {
    connection = await openTables(request.limits);
    answer({ kind: 'rows', rows: [] });
  } else if (request.kind === 'rows') answer({ kind: 'rows', rows: await readRows(request.sql) });
  else if (request.kind === 'numbers') await sendNumbers(connection!, request.sql);
}

let turn = Promise.resolve();
process.on('message', (request: TableRequest) => {
  if (request.kind === 'more') return;
  turn = turn
    .then(() => serve(request))
    .catch((error: unknown) => answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }));
});
// Whoever started this process is gone, or done with it.
process.once('disconnect', () => process.exit());
