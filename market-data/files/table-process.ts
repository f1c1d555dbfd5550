import { openSync, writeSync } from 'node:fs';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { SLOT_ROWS, slotsFile, slotStart, SLOTS } from './number-slots.ts';

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
  /** Most of what does not fit into memory. */
  temporaryMb?: number | undefined;
}

export type TableRequest =
  | { kind: 'open'; limits: TableLimits }
  | { kind: 'rows'; sql: string }
  /** Answered with slots, and with no rows at the end. */
  | { kind: 'numbers'; sql: string }
  /** A slot was read, and may be written again. */
  | { kind: 'taken' };

/** By the names of the columns. Whole numbers beyond 2^53 are text. */
export type TableRow = Record<string, string | number | boolean | null>;

export type TableAnswer = { kind: 'rows'; rows: TableRow[] } | FilledSlot | { kind: 'failed'; message: string };

/** Column after column of doubles, in a slot of the file. */
export interface FilledSlot {
  kind: 'slot';
  slot: number;
  rows: number;
  columns: number;
}

/** For the program itself, and for what the database does not count. */
const BESIDE_MB = 512;
const LOOK_MS = 50;

async function openTables({ folders, temporary, memoryMb, temporaryMb }: TableLimits): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: `${memoryMb}MB`,
    temp_directory: temporary,
    ...(temporaryMb !== undefined && { max_temp_directory_size: `${Math.ceil(temporaryMb)}MB` }),
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const allowed = [...folders, temporary].map((folder) => `'${folder.replaceAll("'", "''")}'`);
  await connection.run(`SET allowed_directories = [${allowed.join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  return connection;
}

/** Fills slot after slot, as soon as each has been read. */
async function sendNumbers(connection: DuckDBConnection, sql: string): Promise<void> {
  const result = await connection.stream(sql);
  const columns = Array.from({ length: result.columnCount }, () => new Float64Array(SLOT_ROWS));
  let filled = 0;
  let following = result.fetchChunk();
  for (;;) {
    const chunk = await following;
    if (chunk === null || chunk.rowCount === 0) break;
    // Made while this one is copied.
    following = result.fetchChunk();
    following.catch(() => undefined); // told when it is waited for
    const vectors = columns.map((_, index) => chunk.getColumnVector(index));
    for (let from = 0; from < chunk.rowCount;) {
      const to = Math.min(chunk.rowCount, from + SLOT_ROWS - filled);
      for (const [index, column] of columns.entries()) fill(column.subarray(filled), vectors[index], { from, to });
      filled += to - from;
      from = to;
      if (filled < SLOT_ROWS) continue;
      // Full ones only: whoever cuts by the same count then need not copy.
      await send(columns, filled);
      filled = 0;
    }
  }
  if (filled > 0) await send(columns, filled);
}

/** Slots that were sent and not taken yet. */
let outstanding = 0;
let next = 0;
let wake: (() => void) | null = null;

async function send(columns: readonly Float64Array[], rows: number): Promise<void> {
  while (outstanding === SLOTS) await new Promise<void>((resolve) => (wake = resolve));
  const slot = next++ % SLOTS;
  let position = slotStart(slot, columns.length);
  for (const column of columns) position += writeSync(numbers!, column, 0, rows * Float64Array.BYTES_PER_ELEMENT, position);
  outstanding++;
  answer({ kind: 'slot', slot, rows, columns: columns.length });
}

function take(): void {
  outstanding--;
  wake?.();
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

/** Copies rows [from, to) of a vector; NaN where there is no value: what the vector then holds is whatever was there. */
function fill(column: Float64Array, vector: unknown, { from, to }: { from: number; to: number }): void {
  const { items, validity } = vector as NumberVector;
  if (!(items instanceof Float64Array)) throw new TypeError('a query for numbers gives doubles');
  column.set(items.subarray(from, to));
  if (validity === undefined || validity.data === null) return;
  for (let row = from; row < to; row++) if (!validity.itemValid(row)) column[row - from] = Number.NaN;
}

function answer(message: TableAnswer): void {
  process.send!(message);
}

let connection: DuckDBConnection | null = null;
/** The file with the slots. */
let numbers: number | null = null;

async function serve(request: Exclude<TableRequest, { kind: 'taken' }>): Promise<void> {
  if (request.kind === 'open') {
    numbers = openSync(slotsFile(request.limits.temporary), 'w');
    connection = await openTables(request.limits);
    watchMemory(request.limits);
    answer({ kind: 'rows', rows: [] });
  } else if (request.kind === 'rows') answer({ kind: 'rows', rows: await readRows(request.sql) });
  else {
    await sendNumbers(connection!, request.sql);
    answer({ kind: 'rows', rows: [] });
  }
}

/** The database counts its own blocks; what it unpacks and lists besides is not among them. */
function watchMemory({ memoryMb }: TableLimits): void {
  const most = (memoryMb + BESIDE_MB) * 2 ** 20;
  setInterval(() => process.memoryUsage.rss() > most && end(), LOOK_MS).unref();
}

/** At once: an orderly exit waits for the query that runs. */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}

let turn = Promise.resolve();
process.on('message', (request: TableRequest) => {
  if (request.kind === 'taken') return take();
  turn = turn
    .then(() => serve(request))
    .catch((error: unknown) => answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }));
});
// Whoever started this process is gone, or done with it.
process.once('disconnect', end);
